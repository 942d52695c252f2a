import type { Operation } from "../types.ts";
import type { Unit, UnitWork } from "./types.ts";

/** Returns what a unit does itself, or by the function that it refers to. */
export function resolvedWork({ work }: Unit): Exclude<UnitWork, { readonly kind: "function" }> {
  return work.kind === "function" ? resolvedWork(work.target) : work;
}

/** Tells a unit from an operation that the capability consumes. */
export function isUnit(callable: Operation | Unit): callable is Unit {
  return "work" in callable;
}
