import { didYouMean, suggest } from "../../../base/did-you-mean.ts";
import { parseWrittenPath } from "../../expression/json-path.ts";
import type { OperationSettings, OverlayOrigin } from "../../overlays/resolved-overlay.ts";
import type { Operation, Output } from "../types.ts";
import type { OverlayFindings } from "./findings.ts";

/**
 * Renames the outputs of an operation and adds those of an overlay. If names would clash, returns the outputs of the
 * file.
 */
export function layOutputs(
  { rename, add }: OperationSettings,
  outputs: readonly Output[] | undefined,
  { name }: Pick<Operation, "name">,
  findings: OverlayFindings,
): readonly Output[] | undefined {
  if (rename.size === 0 && add.size === 0) return outputs;
  const declared = outputs ?? [];
  const known = declared.map(output => output.name);
  for (const [old, { origin }] of rename) {
    if (known.includes(old)) continue;
    const has = known.length === 0 ? "it declares none" : `it has ${known.join(", ")}`;
    const hint = didYouMean(suggest(old, known));
    findings.unknown(origin, `Operation "${name}" has no output ${JSON.stringify(old)}${hint} (${has})`);
  }
  const laid = declared.map(output => {
    const renamed = rename.get(output.name);
    return renamed === undefined ? output : { ...output, name: renamed.value, origin: renamed.origin };
  });
  for (const [added, { value, origin }] of add) {
    const parsed = parseWrittenPath(value);
    if (parsed.ok) laid.push({ name: added, type: "any", path: parsed.path, pointer: origin.pointer, origin });
    else
      findings.malformed(
        origin,
        `Output ${JSON.stringify(added)} has the malformed JSONPath ${JSON.stringify(value)}: ${parsed.reason}`,
      );
  }
  return reportClashes(laid, name, findings) ? outputs : laid;
}

function reportClashes(outputs: readonly Output[], operation: string, findings: OverlayFindings): boolean {
  const names = new Map<string, OverlayOrigin | undefined>();
  let clashes = false;
  for (const { name, origin } of outputs) {
    const clash = names.has(name) ? (origin ?? names.get(name)) : undefined;
    if (clash !== undefined) {
      findings.misfit(clash, `Operation "${operation}" would have two outputs ${JSON.stringify(name)}`);
      clashes = true;
    }
    names.set(name, origin);
  }
  return clashes;
}
