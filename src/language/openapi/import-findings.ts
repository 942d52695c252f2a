import { getOrSet } from "../../base/get-or-set.ts";
import type { Description } from "./description.ts";
import type { DescriptionNode } from "./description-node.ts";

/** Reports what an import cannot carry over. All findings of a kind have the message of the first, so that they group. */
export class ImportFindings {
  readonly #description: Description;
  readonly #messages = new Map<string, string>();

  constructor(description: Description) {
    this.#description = description;
  }

  add(kind: string, node: DescriptionNode, message: string): void {
    this.#description.report(
      node,
      getOrSet(this.#messages, kind, () => message),
    );
  }
}
