import type { DeclaredInputs, Inputs } from "../../engine/request/check-inputs.ts";
import type { Operation } from "../../language/model/types.ts";
import type { BatchRow, UnreadableRow } from "../row.ts";
import type { Shard } from "../shard.ts";

/** What is called, as far as rows need it. */
export type RowOperation = DeclaredInputs & Pick<Operation, "body">;

/** Where rows come from. */
export type RowOrigin =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "standard input"; readonly stream: AsyncIterable<Uint8Array> };

/** How rows become inputs. */
export interface RowSettings {
  /** Reference of what is called, which is a part of keys. */
  readonly reference: string;
  /** Inputs with the columns that give them; a column also gives the input of its name. */
  readonly map: readonly (readonly [input: string, column: string])[];
  /** Inputs of every row, read as those of a call. They replace columns of the same name. */
  readonly set: Inputs;
  /** Column, JSONPath (`$.a.b`) or template (`{{a}}-{{b}}`) that gives the key of a row. */
  readonly key: string | undefined;
  readonly shard: Shard;
  /**
   * Whether another process has to be able to tell that the rows are the same: then standard input is read to its end, and
   * kept in a temporary file, before the first row is given.
   */
  readonly isKept: boolean;
}

/** Rows, opened: header, columns and inputs fit. Each row is read when it is asked for. */
export interface RowSource extends AsyncIterable<BatchRow | UnreadableRow> {
  /** Name of the file as it was given, or `standard input`. */
  readonly name: string;
  /** SHA-256 of the bytes in hex; `undefined` for standard input that is not kept. */
  readonly hash: string | undefined;
  /** Number of rows in the shard, also of those that cannot be read; `undefined` as `hash`. */
  readonly total: number | undefined;
  /** What the user should know, one sentence each: columns that are not used, a file that grows. */
  readonly notes: readonly string[];
  /**
   * Reads rows. Those that are not wanted are passed over, which takes a tenth of the time.
   *
   * @throws CapabilityError `ROW_INVALID` where the file is changed meanwhile, `IO_FAILED`
   */
  read(isWanted: (row: number) => boolean): AsyncGenerator<BatchRow | UnreadableRow, void, undefined>;
  /** Closes the file. */
  close(): Promise<void>;
}
