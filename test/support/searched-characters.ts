const METHODS = ["indexOf", "lastIndexOf", "includes"] as const;

/** Counts the characters that the searches within `work` pass over. A reader that searches too far is slow. */
export function searchedCharacters(work: () => void): number {
  let characters = 0;
  const originals = METHODS.map(name => [name, String.prototype[name]] as const);
  const { indexOf, lastIndexOf } = String.prototype;
  String.prototype.indexOf = function (this: string, wanted: string, start = 0) {
    const found = indexOf.call(this, wanted, start);
    characters += (found < 0 ? this.length : found) - start;
    return found;
  };
  String.prototype.lastIndexOf = function (this: string, wanted: string, start = this.length) {
    const found = lastIndexOf.call(this, wanted, start);
    characters += start - Math.max(0, found);
    return found;
  };
  String.prototype.includes = function (this: string, wanted: string, start = 0) {
    return this.indexOf(wanted, start) >= 0;
  };
  try {
    work();
    return characters;
  } finally {
    for (const [name, original] of originals) Object.assign(String.prototype, { [name]: original });
  }
}
