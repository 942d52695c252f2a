import type { MaxErrors } from "../../../batch/max-errors.ts";
import type { Shard } from "../../../batch/shard.ts";
import type { CallOptions } from "../../../engine/call-options.ts";
import type { PaceRate } from "../../../net/layers/pace.ts";
import type { OpeningArguments } from "../serve/file-opener.ts";

/** The command line of `batch`. */
export interface BatchArguments extends OpeningArguments {
  readonly capability: string;
  readonly operation: string;
  /** Path of the rows; `-` for standard input. */
  readonly from: string;
  readonly maps: readonly (readonly [input: string, column: string])[];
  readonly sets: readonly (readonly [input: string, text: string])[];
  readonly key: string | undefined;
  readonly shard: Shard;
  /** `undefined`: the usual number; on a queue as many as its workers do. */
  readonly concurrency: number | undefined;
  readonly rate: PaceRate | undefined;
  /** The rate as it was given. */
  readonly rateText: string | undefined;
  /** URL of the queue that the rows go to, where other processes do them. */
  readonly queue: string | undefined;
  /** Whether the results stay on the queue. */
  readonly detach: boolean;
  readonly order: "finished" | "rows";
  readonly maxErrors: MaxErrors | undefined;
  readonly out: string | undefined;
  readonly failed: string | undefined;
  readonly resume: boolean;
  readonly dryRun: boolean;
  readonly mock: boolean;
  readonly quiet: boolean;
  /** Whether the summary is for programs. */
  readonly isJson: boolean;
  readonly headers: CallOptions["headers"];
  readonly query: CallOptions["query"];
}
