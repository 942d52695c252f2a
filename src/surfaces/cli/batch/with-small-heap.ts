import { setFlagsFromString } from "node:v8";

/**
 * Does work that makes much garbage and keeps little: V8 collects the old part of the heap when it has grown by a third. By
 * itself it would let it grow to several times of what is used, and a long batch to nearly 200 MB.
 */
export async function withSmallHeap<Result>(work: () => Promise<Result>): Promise<Result> {
  setFlagsFromString("--heap-growing-percent=30");
  try {
    return await work();
  } finally {
    // A code cache is refused that was made with other flags than it is read with.
    setFlagsFromString("--heap-growing-percent=0");
  }
}
