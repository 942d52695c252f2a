import { CapabilityError } from "../../base/capability-error.ts";

/**
 * Limit of steps for one evaluation of a path: values that are visited or found. A path that descends once takes one for
 * each value of a body, and the largest bodies have a few millions.
 */
const MAX_STEPS = 10_000_000;

/** Limit of steps for all paths of an answer: a file may have any number of outputs. */
export const MAX_STEPS_OF_ANSWER = 20_000_000;

/** The remaining steps of an answer. */
export interface StepBudget {
  left: number;
}

/**
 * Counts the steps of one evaluation of a path. A short path on a small answer could take hours: `$..*..*..*` takes the
 * fourth power.
 */
export class StepMeter {
  readonly #path: string;
  readonly #budget: StepBudget;
  #left = MAX_STEPS;

  /** @param budget remaining steps of the answer, which paths may share */
  constructor(path: string, budget: StepBudget = { left: MAX_STEPS }) {
    this.#path = path;
    this.#budget = budget;
  }

  /**
   * Counts steps.
   *
   * @throws CapabilityError `RESPONSE_TOO_LARGE` beyond the limit
   */
  spend(steps: number): void {
    this.#left -= steps;
    this.#budget.left -= steps;
    if (this.#left >= 0 && this.#budget.left >= 0) return;
    const isOfAnswer = this.#budget.left < this.#left;
    const maxSteps = isOfAnswer ? MAX_STEPS_OF_ANSWER : MAX_STEPS;
    const who = isOfAnswer ? "the outputs take" : "it takes";
    throw new CapabilityError("RESPONSE_TOO_LARGE", {
      message: `Cannot evaluate ${this.#path} on the answer: ${who} more than ${maxSteps.toLocaleString("en")} steps; narrow the path, or ask for a smaller answer`,
      details: { maxSteps },
    });
  }
}
