/** The rules of the published specification; `departure-rules.ts` has a row for each. */
export type DepartureRule =
  | "unknown-key"
  | "missing-key"
  | "exclusive-keys"
  | "value-type"
  | "allowed-value"
  | "name-pattern"
  | "text-form"
  | "number-range"
  | "empty-list"
  | "version";

/** One place where a document departs from the published specification. */
export interface Departure {
  readonly rule: DepartureRule;
  /** JSON pointer in the document as written; of a key that is missing, the pointer of the object. */
  readonly pointer: string;
  readonly message: string;
  /** The kind of object or text that the published schema wants there; empty for the document itself. */
  readonly definition: string;
  /** Of an unknown key: the keys that the object may have. */
  readonly knownKeys?: readonly string[];
}
