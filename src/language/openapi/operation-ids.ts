/** Names of operations, each once. */
export class OperationIds {
  readonly #taken = new Set<string>();

  /** Returns the name of an operation as it can stand in a URL, with a number where another one has it. */
  of({ name }: { readonly name: string }): string {
    const plain = name.replace(/[^A-Za-z0-9._~:/?#[\]@!$&'()*+,;=-]+/g, "-") || "operation";
    let free = plain;
    for (let count = 2; this.#taken.has(free); count++) free = `${plain}-${count}`;
    this.#taken.add(free);
    return free;
  }
}
