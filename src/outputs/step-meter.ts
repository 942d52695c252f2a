import { CapabilityError } from "../error/capability-error.ts";

/**
 * Steps that one evaluation of a path may take: values that are looked at or found. A path that descends once takes one for
 * each value of a body; the largest bodies have a few millions.
 */
export const MAX_STEPS = 10_000_000;

/**
 * Counts the steps of one evaluation of a path. Few members of a file and few bytes of an answer are enough for a path that
 * would take hours: `$..*..*..*` takes the fourth power.
 */
export class StepMeter {
  readonly #path: string;
  #left: number;

  constructor(path: string, maxSteps: number = MAX_STEPS) {
    this.#path = path;
    this.#left = maxSteps;
  }

  /** How many steps may still be taken. */
  get left(): number {
    return this.#left;
  }

  /** @throws CapabilityError `RESPONSE_TOO_LARGE` where there are no steps left */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left >= 0) return;
    throw new CapabilityError("RESPONSE_TOO_LARGE", {
      message: `Cannot evaluate ${this.#path} on the answer: it takes more than ${MAX_STEPS.toLocaleString("en")} steps; narrow the path, or ask for a smaller answer`,
      details: { maxSteps: MAX_STEPS },
    });
  }
}
