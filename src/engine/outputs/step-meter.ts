import { CapabilityError } from "../../base/capability-error.ts";

/**
 * Steps that one evaluation of a path may take: values that are looked at or found. A path that descends once takes one for
 * each value of a body; the largest bodies have a few millions.
 */
export const MAX_STEPS = 10_000_000;

/** Steps that all paths of one answer may take together: a file may have any number of outputs. */
export const MAX_STEPS_OF_ANSWER = 20_000_000;

/** What is left of the steps of one answer. */
export interface StepBudget {
  left: number;
}

/**
 * Counts the steps of one evaluation of a path. Few members of a file and few bytes of an answer are enough for a path that
 * would take hours: `$..*..*..*` takes the fourth power.
 */
export class StepMeter {
  readonly #path: string;
  readonly #isOfAnswer: boolean;
  #left: number;

  /** @param left steps that the paths before this one left of those of an answer */
  constructor(path: string, left: number = MAX_STEPS) {
    this.#path = path;
    this.#isOfAnswer = left < MAX_STEPS;
    this.#left = Math.min(left, MAX_STEPS);
  }

  /** How many steps may still be taken. */
  get left(): number {
    return this.#left;
  }

  /** @throws CapabilityError `RESPONSE_TOO_LARGE` where there are no steps left */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left >= 0) return;
    const maxSteps = this.#isOfAnswer ? MAX_STEPS_OF_ANSWER : MAX_STEPS;
    const who = this.#isOfAnswer ? "the outputs take" : "it takes";
    throw new CapabilityError("RESPONSE_TOO_LARGE", {
      message: `Cannot evaluate ${this.#path} on the answer: ${who} more than ${maxSteps.toLocaleString("en")} steps; narrow the path, or ask for a smaller answer`,
      details: { maxSteps },
    });
  }
}
