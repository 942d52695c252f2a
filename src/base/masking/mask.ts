/** Stands in place of a secret. */
export const MASK = "***";

/** Fewest characters of a secret that is found without its place. Shorter ones are in every text by chance. */
export const SHORTEST_SECRET = 4;
