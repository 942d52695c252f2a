/** A part of an operation that is searched. */
export type Field =
  | "name"
  | "label"
  | "description"
  | "path"
  | "placeholders"
  | "resource"
  | "capability"
  | "capabilityLabel"
  | "tags"
  | "product"
  | "inputs"
  | "action";

interface FieldSettings {
  /** How much a word in it counts. */
  readonly weight: number;
  /** Usual number of words. */
  readonly usualLength: number;
  /** How much less a word counts in a text that is longer than usual, from 0 to 1. */
  readonly lengthPenalty: number;
  /** Whether its words are what the operation is called: an operation that has others besides counts less. */
  readonly isCore: boolean;
}

/** Chosen by measurement: `bench/search/`. */
export const FIELDS: Record<Field, FieldSettings> = {
  name: { weight: 3, usualLength: 4, lengthPenalty: 0.8, isCore: true },
  label: { weight: 3, usualLength: 4, lengthPenalty: 0.5, isCore: true },
  description: { weight: 2.5, usualLength: 6, lengthPenalty: 0.5, isCore: false },
  path: { weight: 2.5, usualLength: 3, lengthPenalty: 0.8, isCore: true },
  placeholders: { weight: 0.5, usualLength: 3, lengthPenalty: 0.5, isCore: false },
  resource: { weight: 0.5, usualLength: 4, lengthPenalty: 0.5, isCore: false },
  capability: { weight: 1, usualLength: 3, lengthPenalty: 0.5, isCore: false },
  capabilityLabel: { weight: 0.8, usualLength: 4, lengthPenalty: 0.5, isCore: false },
  tags: { weight: 0.8, usualLength: 3, lengthPenalty: 0.5, isCore: false },
  product: { weight: 2, usualLength: 1, lengthPenalty: 0, isCore: false },
  inputs: { weight: 0.3, usualLength: 8, lengthPenalty: 0.7, isCore: false },
  action: { weight: 3.5, usualLength: 1, lengthPenalty: 0, isCore: false },
};

/** How soon more of a word stops counting more. */
export const SATURATION = 2.4;

/** How much the ways count to say a thing. Chosen by measurement: `bench/search/`. */
export const WAY_WEIGHTS = {
  synonym: 0.7,
  action: 0.5,
  phrase: 0.5,
  typo: 0.85,
  secondTypo: 0.5,
  prefix: 0.6,
  product: 3.2,
  listing: 0.24,
  doing: 0.4,
};

/** What ranks operations. */
export const RANKING = {
  /** How much it counts that an operation is called nothing else. */
  core: 0.7,
  /** Share of the weight of the commonest way to say a thing. */
  common: 0.7,
  partial: 1.3,
  exactName: 100,
  exactRequest: 200,
};
