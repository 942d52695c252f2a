import { pointerSegment } from "../../../base/json-pointer.ts";
import type { OutputParameter } from "../../document/document-types.ts";
import { isItemList } from "../../document/item-list.ts";
import { parseWrittenPath } from "../../expression/json-path.ts";
import type { Shape } from "./types.ts";
import type { UnitScope } from "./unit-scope.ts";

/** Compiles the outputs of a unit (language chapter 7.7). */
export function compileShapes(
  outputs: readonly OutputParameter[] | undefined,
  scope: UnitScope,
  pointer: string,
): readonly Shape[] | undefined {
  return outputs?.map((output, index) => compileShape(output, scope, `${pointer}/outputParameters/${index}`));
}

function compileShape(output: OutputParameter, scope: UnitScope, pointer: string): Shape {
  const { name, mapping, maxLength, values } = output;
  const nested = typeof mapping === "object" ? mapping : undefined;
  const inMapping = (key: string) => (output[key as keyof OutputParameter] === undefined ? "/mapping" : "");
  const properties = output.properties ?? nested?.properties ?? undefined;
  const items = output.items ?? nested?.items ?? undefined;
  const compileMembers = (members: Readonly<Record<string, OutputParameter>>) =>
    new Map(
      Object.entries(members).map(([key, member]) => {
        const place = `${pointer}${inMapping("properties")}/properties/${pointerSegment(key)}`;
        return [key, compileShape(member, scope, place)] as const;
      }),
    );
  const type = output.type ?? (properties === undefined ? (items === undefined ? "any" : "array") : "object");
  return {
    name: name ?? undefined,
    type,
    source: sourceOf(output, scope),
    properties: properties === undefined ? undefined : compileMembers(properties),
    items: items === undefined ? undefined : compileItems(items, scope, `${pointer}${inMapping("items")}/items`),
    values: values === undefined ? undefined : compileShape(values, scope, `${pointer}/values`),
    maxLength: maxLength ?? undefined,
    pointer,
  };
}

/** Compiles the shape of items; a list of fields is an object with these. */
function compileItems(items: NonNullable<OutputParameter["items"]>, scope: UnitScope, pointer: string): Shape {
  if (!isItemList(items)) return compileShape(items, scope, pointer);
  const fields = items.map((field, index) => compileShape(field, scope, `${pointer}/${index}`));
  const [only] = fields;
  // One field without a name is the shape of the items itself.
  if (fields.length === 1 && only !== undefined && only.name === undefined) return only;
  return {
    name: undefined,
    type: "object",
    source: undefined,
    properties: new Map(fields.map((field, index) => [field.name ?? String(index), field])),
    items: undefined,
    values: undefined,
    maxLength: undefined,
    pointer,
  };
}

/** Returns where the value comes from: `value` counts more than `mapping`. */
function sourceOf(output: OutputParameter, scope: UnitScope): Shape["source"] {
  const { value, mapping } = output;
  if (value !== undefined && value !== null) return { kind: "value", content: scope.content(output, "value") };
  if (typeof mapping !== "string") return undefined;
  const parsed = parseWrittenPath(mapping);
  if (!parsed.ok) throw new TypeError(`Invalid JSONPath ${mapping}: ${parsed.reason}`);
  return { kind: "path", path: parsed.path };
}
