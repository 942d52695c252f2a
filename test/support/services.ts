import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

// Servers of other kinds that tests use. `.ci/services` starts them, and tells where they are.

type Service = "NAFTIKO_TEST_REDIS" | "NAFTIKO_TEST_POSTGRES";

/** Declares tests that need a server. Without it they are skipped, with a line that says so. */
export function withService(service: Service, name: string, tests: (url: string) => void): void {
  const url = process.env[service];
  if (url === undefined) {
    process.stderr.write(`skipped: ${name}: needs ${service} (.ci/services npm test)\n`);
    describe.skip(name, () => tests("redis://127.0.0.1:1"));
  } else {
    describe(name, () => tests(url));
  }
}

/** Servers that queues are tried on, by the name of their variable. */
export const QUEUE_SERVICES = ["NAFTIKO_TEST_REDIS", "NAFTIKO_TEST_POSTGRES"] as const;

/** Returns the URL of a queue of its own on a server. */
export function ownQueue(url: string): string {
  const own = new URL(url);
  own.searchParams.set("queue", `t${crypto.randomUUID().replaceAll("-", "").slice(0, 20)}`);
  return own.href;
}

/** A Redis that a test starts, stops and sets. */
export class OwnRedis implements AsyncDisposable {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  /** Starts one. What it holds is on disk at once, so that it outlives {@link OwnRedis.stop}. */
  static async start(...options: readonly string[]): Promise<OwnRedis> {
    const redis = new OwnRedis(await freePort(), await temporaryFolder({}));
    await redis.start(...options);
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(...options: readonly string[]): Promise<void> {
    const lasting = ["--save", "", "--appendonly", "yes", "--appendfsync", "always"];
    const place = ["--port", String(this.port), "--bind", "127.0.0.1", "--dir", this.#folder];
    this.#process = spawn("redis-server", [...place, ...lasting, ...options], { stdio: "ignore" });
    await reached(this.port);
  }

  /** Ends it as a power failure would. */
  async stop(): Promise<void> {
    const ended = this.#process;
    this.#process = undefined;
    if (ended === undefined || ended.exitCode !== null) return;
    const exit = once(ended, "exit");
    ended.kill("SIGKILL");
    await exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Whether this machine has a Redis to start. */
export const hasRedis: boolean = process.env.NAFTIKO_TEST_REDIS !== undefined;

/** Returns a port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

async function reached(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await new Promise(resolve => {
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await sleep(20);
  }
}
