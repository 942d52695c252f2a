import { choice, func, text, wholeNumber } from "../base/option-kinds.ts";
import type { OptionRows } from "../base/option-row.ts";
import type { CallOptions } from "../engine/call-options.ts";
import { callOptions } from "../engine/options.ts";
import type { Inputs } from "../engine/request/check-inputs.ts";
import type { HostPause } from "../net/layers/pace.ts";
import type { RowResult } from "./row.ts";

/** Options of a batch. Those of a call hold for the call of each row. */
export interface BatchOptions extends Omit<CallOptions, "idempotencyKey"> {
  /**
   * Calls at once.
   *
   * @default 10
   */
  readonly concurrency?: number | undefined;
  /** Requests that begin in a second, spread evenly. Without it, as many as the API answers. */
  readonly requestsPerSecond?: number | undefined;
  /**
   * The order of the results: as rows end, or as they were given.
   *
   * @default "finished"
   */
  readonly order?: "finished" | "rows" | undefined;
  /**
   * The key of a row, from its inputs. A second row of a key is not sent, and the key of a row gives its `Idempotency-Key`,
   * the same in each batch. Without it all rows are sent, and their keys are made up.
   */
  readonly key?: ((inputs: Inputs, row: number) => string | number) | undefined;
  /** Ends the batch when so many rows have failed: a number, or a percentage such as `"5%"` from the 100th row on. */
  readonly maxErrors?: number | string | undefined;
  /** Called when the API asks to wait, which all rows then do. */
  readonly onPause?: ((pause: HostPause) => void) | undefined;
}

/** The end of one row of a batch. */
export interface BatchResult<Outputs = unknown> extends Omit<RowResult, "outputs" | "key"> {
  /** Given by the option `key`; without it a hash of the operation and the inputs. */
  readonly key: string;
  /** `null` where the row failed, or its key was that of an earlier row. */
  readonly outputs: Outputs | null;
  readonly inputs: Inputs;
}

const { idempotencyKey: _, ...optionsOfCalls } = callOptions;

/** Options of a batch. */
export const batchOptions: OptionRows<BatchOptions> = {
  ...optionsOfCalls,
  concurrency: { kind: wholeNumber(1, 10_000), default: 10, text: "calls at once" },
  requestsPerSecond: {
    kind: { ...text("a number above 0"), form: "object", holds: value => typeof value === "number" && value > 0 },
    text: "requests that begin in a second, spread evenly; it may be a fraction",
  },
  order: {
    kind: choice(["finished", "rows"]),
    default: "finished",
    text: 'the order of the results: as rows end, or with `"rows"` as they were given',
  },
  key: {
    kind: func,
    text: "the key of a row, from its inputs and its number: a second row of a key is not sent, and its `Idempotency-Key` is made of it",
  },
  maxErrors: {
    kind: {
      ...text('a number from 1 on, or a percentage such as "5%"'),
      holds: value => typeof value === "number" || typeof value === "string",
    },
    text: 'how many rows may fail before the batch ends: a number, or a percentage such as `"5%"` from the 100th row on',
  },
  onPause: { kind: func, text: "called when the API asks to wait, which all rows then do" },
};
