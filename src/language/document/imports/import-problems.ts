import type { Diagnostic } from "../../../base/capability-error.ts";
import { getOrSet } from "../../../base/get-or-set.ts";
import type { Remedy } from "../../../base/remedy.ts";
import { type Document, invalidCapability } from "../document.ts";
import type { Origin } from "../origins.ts";
import { type SourcePositions, sourcePositions } from "../source-positions.ts";

/** Most problems. No further import is looked at then. */
const MAX_PROBLEMS = 50;

/** Problems of imports, gathered so that a person sees all at once. */
export class ImportProblems {
  readonly #main: Document;
  readonly #found: {
    readonly place: Origin;
    readonly message: string;
    readonly remedy: Remedy | undefined;
  }[] = [];
  /** Findings in imported files, with their places there. */
  readonly #foreign: Diagnostic[] = [];

  constructor(main: Document) {
    this.#main = main;
  }

  /** Tells whether there are so many problems that more would not help. */
  get isFull(): boolean {
    return this.#found.length >= MAX_PROBLEMS;
  }

  /** @param place the place of the import */
  add(place: Origin, message: string, remedy?: Remedy): undefined {
    this.#found.push({ place, message, remedy });
  }

  addForeign(diagnostics: readonly Diagnostic[]): void {
    this.#foreign.push(...diagnostics);
  }

  /** @throws CapabilityError `CAPABILITY_INVALID` if there is any problem */
  async requireNone(): Promise<void> {
    if (this.#found.length === 0) return;
    const positions = new Map<Document, Promise<SourcePositions>>();
    const own = await Promise.all(
      this.#found.map(async ({ place: { document, pointer }, message, remedy }): Promise<Diagnostic> => {
        const inFile = await getOrSet(positions, document, () => sourcePositions(document));
        const source = inFile.find(pointer);
        return {
          severity: "error",
          rule: "imports",
          message,
          pointer,
          source,
          remedy,
        };
      }),
    );
    throw invalidCapability(this.#main, [...own, ...this.#foreign]);
  }
}
