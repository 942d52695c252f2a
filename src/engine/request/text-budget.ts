/** Most characters that the templates of one request may make. */
const MAX_CHARACTERS = 64 * 1024 * 1024;

/**
 * Counter of the texts that stand in templates. Few templates are enough for a request that no computer holds: each of
 * thousands may name a parameter with a value of a megabyte.
 */
export class TextBudget {
  #left = MAX_CHARACTERS;

  /**
   * Counts characters.
   *
   * @throws Error if none are left
   */
  spend(characters: number): void {
    this.#left -= characters;
    if (this.#left < 0)
      throw new Error(`its templates make more than ${MAX_CHARACTERS / 1024 / 1024} million characters`);
  }
}
