import { setFlagsFromString } from "node:v8";

/**
 * Does work without V8's optimizing compiler. It takes longer to compile a loop of some milliseconds than that takes as it
 * is.
 */
export function withoutOptimizing<Result>(work: () => Result): Result {
  setFlagsFromString("--no-opt");
  try {
    return work();
  } finally {
    // A code cache is refused that was made with other flags than it is read with.
    setFlagsFromString("--opt");
  }
}
