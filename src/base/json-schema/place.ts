/** Reason why a value does not keep to a schema. */
export interface ValueProblem {
  /** JSON pointer to the part of the value. */
  readonly pointer: string;
  /** End of a sentence that starts with the name of the part: `must be a number`. */
  readonly message: string;
  readonly found: unknown;
}

/** Finds out whether a text matches a pattern. A pattern that the engine cannot run is absent. */
export interface Patterns {
  get(pattern: string): ((text: string) => boolean) | undefined;
}

/** The part of a value that a schema has looked at: what `unevaluated…` is about. */
export interface Evaluated {
  /** Names of members, or all of them. */
  readonly members: Set<string>;
  allMembers: boolean;
  readonly items: Set<number>;
  allItems: boolean;
}

/** Evaluation of one schema at one part of the value. */
export interface Place {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly value: unknown;
  readonly evaluated: Evaluated;
  readonly patterns: Patterns;
  /** Tells of a problem of the value. */
  fail(message: string): void;
  /** Checks a part of the value against a schema within this one. */
  check(schema: unknown, value: unknown, segment: string | number): void;
  /** Checks the same value, and takes over what the schema has looked at. */
  applies(schema: unknown): void;
  /** Tells whether the same value keeps to a schema, and then takes over what the schema has looked at. */
  holds(schema: unknown): boolean;
  /** Tells whether a value keeps to a schema, and nothing else. */
  isValid(schema: unknown, value: unknown): boolean;
  /** Follows a reference. */
  refer(reference: unknown, isDynamic: boolean): void;
  spend(steps: number): void;
}

/** Checks the value of a place against one keyword of its schema. */
export type Keyword = (setting: unknown, place: Place) => void;
