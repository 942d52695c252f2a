import { isAlias, isMap, isScalar, isSeq, visit, type YAMLMap } from "yaml";
import { composeYaml } from "../../../language/document/compose-yaml.ts";
import { LineIndex } from "../../../language/document/line-index.ts";
import { isMergeKey } from "../../../language/document/merge-key.ts";
import type { SecretFields } from "../shared-reads.ts";

/**
 * Reads the values at the top of a YAML file by key, those that merge keys bring among them. A number is as it is
 * written: a secret must not lose a digit.
 *
 * @returns `undefined` if the file does not hold values by key
 * @throws Error with the problem and its place, without quoting the file
 */
export function readYamlFields(file: string, text: string): SecretFields | undefined {
  const { document, problems } = composeYaml(text);
  const [problem] = problems;
  if (problem !== undefined) {
    // The message of the parser may quote the file.
    const { line, column } = new LineIndex(text).location(file, problem.offset);
    const name = problem.code.toLowerCase().replaceAll("_", " ");
    throw new Error(`${file} is not YAML: ${name} at line ${line}, column ${column}`);
  }
  if (document === undefined || !isMap(document.contents)) return undefined;
  const anchors = new Map<string, unknown>();
  const targets = new Map<unknown, unknown>();
  visit(document, {
    Alias: (_, alias) => void targets.set(alias, anchors.get(alias.source)),
    Value: (_, node) => void (node.anchor && anchors.set(node.anchor, node)),
  });
  const fields = new Map<string, unknown>();
  const added = new Set<YAMLMap>();
  add(document.contents);
  return fields;

  /** Adds the members of a map that are not there yet: its own, then those that it merges. */
  function add(map: YAMLMap): void {
    if (added.has(map)) return;
    added.add(map);
    const merged: unknown[] = [];
    for (const { key, value } of map.items) {
      const node = target(value);
      if (isMergeKey(key)) merged.push(...(isSeq(node) ? node.items : [node]));
      else if (isScalar(key)) {
        const name = String(key.source ?? key.value);
        if (!fields.has(name)) fields.set(name, isScalar(node) ? scalarValue(node) : isMap(node) ? {} : []);
      }
    }
    for (const node of merged.map(target)) if (isMap(node)) add(node);
  }

  function target(node: unknown): unknown {
    return isAlias(node) ? targets.get(node) : node;
  }
}

function scalarValue({ value, source }: { readonly value: unknown; readonly source?: string }): unknown {
  return typeof value === "number" || typeof value === "bigint" ? (source ?? String(value)) : value;
}
