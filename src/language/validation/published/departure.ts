/** Rules of the published specification. `departure-rules.ts` has a row for each. */
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

/** Place where a document departs from the published specification. */
export interface Departure {
  readonly rule: DepartureRule;
  /** JSON pointer in the document as written. For a missing key, that of the object. */
  readonly pointer: string;
  readonly message: string;
  /** Kind of object or text that the published schema wants there. Empty for the document itself. */
  readonly definition: string;
  /** Keys that the object may have. Only for an unknown key. */
  readonly knownKeys?: readonly string[];
}
