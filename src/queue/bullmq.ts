// The parts of BullMQ that are used. The build makes a file of their own of them, and leaves out the others.
export { createPostgresBackend, createRedisBackend, Queue, UnrecoverableError, WaitingError, Worker } from "bullmq";
