import { CapabilityError } from "../../../base/capability-error.ts";
import { emptyOperationSettings, mergeOperationSettings } from "../../overlays/merge-settings.ts";
import type { OperationSettings, ResolvedOverlay, Setting } from "../../overlays/resolved-overlay.ts";
import type { DeferredOperation } from "../deferred-operation.ts";
import { OperationIndex } from "../find-operation.ts";
import { operationReferences } from "../references.ts";
import type { OverlayFindings } from "./findings.ts";

/** Returns the settings of an overlay for each operation, whichever references it uses. */
export function settingsByOperation(
  { operations: entries }: ResolvedOverlay,
  capability: { readonly name: string; readonly operations: readonly DeferredOperation[] },
  findings: OverlayFindings,
): ReadonlyMap<DeferredOperation, OperationSettings> {
  const found = new Map<DeferredOperation, OperationSettings>();
  const index = new OperationIndex(capability);
  for (const { reference, origin, settings } of entries) {
    try {
      const operation = index.find(reference) as DeferredOperation;
      found.set(operation, mergeOperationSettings(found.get(operation) ?? emptyOperationSettings, settings));
    } catch (error) {
      if (!(error instanceof CapabilityError)) throw error;
      findings.unknown(origin, error.message);
    }
  }
  return found;
}

/** Gives operations their aliases. An alias that names another operation too is refused, as it would be ambiguous. */
export function assignAliases(
  aliases: ReadonlyMap<DeferredOperation, readonly Setting<string>[]>,
  operations: readonly DeferredOperation[],
  findings: OverlayFindings,
): void {
  const wanted = new Set([...aliases.values()].flat().map(({ value }) => value));
  const owners = new Map<string, DeferredOperation>();
  for (const operation of operations) {
    for (const reference of [...operationReferences(operation), operation.reference]) {
      if (wanted.has(reference)) owners.set(reference, operation);
    }
  }
  for (const [operation, given] of aliases) {
    const own = new Map<string, Setting<string>>();
    for (const alias of given) {
      const owner = owners.get(alias.value) ?? operation;
      if (owner === operation) {
        owners.set(alias.value, operation);
        own.set(alias.value, alias);
        continue;
      }
      findings.misfit(
        alias.origin,
        `Operation "${operation.name}" cannot have the alias ${JSON.stringify(alias.value)}: it names ${JSON.stringify(owner.reference)}`,
      );
    }
    operation.aliases = [...own.values()];
  }
}
