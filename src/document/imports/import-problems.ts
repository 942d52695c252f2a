import { CapabilityError, type Diagnostic } from "../../error/capability-error.ts";
import type { Document } from "../document.ts";
import type { Origin } from "../origins.ts";
import { sourcePositions } from "../source-positions.ts";

/** Gathers what keeps imports from being resolved, so that a person sees all of it at once. */
export class ImportProblems {
  readonly #main: Document;
  readonly #found: { readonly place: Origin; readonly message: string }[] = [];
  /** Found in imported files, with their places there. */
  readonly #foreign: Diagnostic[] = [];

  constructor(main: Document) {
    this.#main = main;
  }

  /** @param place of the import */
  add(place: Origin, message: string): undefined {
    this.#found.push({ place, message });
  }

  addForeign(diagnostics: readonly Diagnostic[]): void {
    this.#foreign.push(...diagnostics);
  }

  /** @throws CapabilityError `CAPABILITY_INVALID` where there is any */
  async requireNone(): Promise<void> {
    if (this.#found.length === 0) return;
    const own = await Promise.all(
      this.#found.map(async ({ place: { document, pointer }, message }): Promise<Diagnostic> => {
        const source = (await sourcePositions(document)).find(pointer);
        const found = { severity: "error", rule: "imports", message, pointer } as const;
        return source === undefined ? found : { ...found, source };
      }),
    );
    const diagnostics = [...own, ...this.#foreign];
    const [first] = diagnostics;
    const { file, name } = this.#main;
    const rest = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more)` : "";
    throw new CapabilityError("CAPABILITY_INVALID", {
      message: `${file ?? `Document "${name}"`} is not a valid capability: ${first?.message}${rest}`,
      details: { diagnostics, omitted: 0 },
      source: first?.source,
    });
  }
}
