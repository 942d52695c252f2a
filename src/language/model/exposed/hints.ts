import type { McpHints, Semantics } from "../../document/document-types.ts";
import type { UnitHints } from "./types.ts";

/** Derives hints from the semantics of a function (language chapter 9). What those leave open is not derived. */
export function semanticHints(semantics: Semantics | undefined): UnitHints {
  const { safe, idempotent } = semantics ?? {};
  const ofSafe: UnitHints =
    safe === undefined ? {} : safe ? { readOnly: true, destructive: false } : { readOnly: false };
  return { ...ofSafe, ...(idempotent === undefined ? {} : { idempotent }) };
}

/** Lays the hints of a unit over those of its function, one by one. */
export function withHints(derived: UnitHints, stated: McpHints | undefined): UnitHints {
  const { readOnly, destructive, idempotent, openWorld } = stated ?? {};
  const own = Object.entries({ readOnly, destructive, idempotent, openWorld });
  return { ...derived, ...Object.fromEntries(own.filter(([, value]) => value !== undefined)) };
}
