import { pointerSegment } from "../../../base/json-pointer.ts";
import type { OutputParameter } from "../../document/document-types.ts";
import { isItemList } from "../../document/item-list.ts";
import type { ExposedRule } from "../exposed-rule.ts";

/** Names that mean something else to JavaScript than a member. */
const REFUSED: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Finds names that results cannot have (language chapter 8.5). */
export const exposedName: ExposedRule = {
  name: "exposed-name",
  kinds: ["error"],
  explanation:
    "A step, an output or a member of a result is called __proto__, constructor or prototype, or has no name.",
  fix: "Give it another name.",
  check({ units }, report) {
    for (const { title, declaration, pointer } of units) {
      for (const [index, { name }] of (declaration.steps ?? []).entries()) {
        if (REFUSED.has(name))
          report("error", `${pointer}/steps/${index}/name`, `${title} has a step called "${name}", which is no name`);
      }
      for (const [index, { targetName }] of (declaration.mappings ?? []).entries()) {
        const wrong = targetName.split(".").find(part => part === "" || REFUSED.has(part));
        if (wrong === undefined) continue;
        const reason = wrong === "" ? "a part of it is empty" : `"${wrong}" is no name of a member`;
        report("error", `${pointer}/mappings/${index}/targetName`, `${title} maps to "${targetName}": ${reason}`);
      }
      for (const place of refusedOutputs(declaration.outputParameters ?? [], `${pointer}/outputParameters`))
        report("error", place, `${title} has an output called "__proto__", which is no name of a member`);
    }
  },
};

function* refusedOutputs(outputs: readonly OutputParameter[], pointer: string): Generator<string> {
  for (const [index, output] of outputs.entries()) yield* refusedIn(output, `${pointer}/${index}`);
}

function* refusedIn(output: OutputParameter, pointer: string): Generator<string> {
  if (output.name === "__proto__") yield `${pointer}/name`;
  const nested = typeof output.mapping === "object" ? output.mapping : undefined;
  const properties = output.properties ?? nested?.properties ?? {};
  for (const [name, property] of Object.entries(properties)) {
    const place = `${pointer}/properties/${pointerSegment(name)}`;
    if (name === "__proto__") yield place;
    yield* refusedIn(property, place);
  }
  const items = output.items ?? nested?.items ?? [];
  if (isItemList(items)) yield* refusedOutputs(items, `${pointer}/items`);
  else yield* refusedIn(items, `${pointer}/items`);
}
