import { percentDecode } from "../../base/percent-decoding.ts";
import { shownBaseUri } from "../../language/expression/base-uri.ts";
import { resolvedWork } from "../../language/model/exposed/resolved-work.ts";
import type { Unit } from "../../language/model/exposed/types.ts";
import { operationNames } from "../../language/model/references.ts";
import type { Adapter, CapabilityModel, Operation } from "../../language/model/types.ts";
import type { PolicyTarget } from "./operation-pattern.ts";

type Owner = Pick<CapabilityModel, "name" | "info">;

/** Returns an operation as patterns see it. */
export function targetOf(operation: Operation, { name: capability, info }: Owner): PolicyTarget {
  const { method, path, tags, aliases, adapter } = operation;
  const names = [...operationNames(operation), ...aliases.map(({ value }) => value)];
  const baseUri = shownBaseUri(adapter.baseUri.text);
  return { capability, names, method, path, tags: [...tags, ...info.tags], baseUri };
}

/** Request that is passed on. */
export interface PassedTarget {
  readonly method: string;
  /** Encoded path below the base URI, without its first slash. `undefined`: the base URI itself. */
  readonly path: string | undefined;
}

/** Returns a request that is passed on as patterns see it. Whoever gets it may read its path in any of these ways. */
export function targetOfPassed(
  { namespace, baseUri }: Adapter,
  { method, path }: PassedTarget,
  { name: capability, info }: Owner,
): PolicyTarget {
  const decoded = `/${percentDecode(path ?? "")}`.replace(/\/{2,}/g, "/");
  const shown = shownBaseUri(baseUri.text);
  return { capability, names: [namespace], method, path: decoded, tags: info.tags, baseUri: shown };
}

/** Returns something that is exposed as patterns see it. */
export function targetOfUnit({ name, reference, tags }: Unit, { name: capability, info }: Owner): PolicyTarget {
  return {
    capability,
    // A route without a name is called by its method and path, which are not those of a request to an API.
    names: /\s/.test(name) ? [reference] : [name, reference],
    method: undefined,
    path: "",
    tags: [...tags, ...info.tags],
    baseUri: "",
  };
}

/** Lists the operations that a unit may call. */
export function operationsOf(unit: Unit): readonly Operation[] {
  const work = resolvedWork(unit);
  switch (work.kind) {
    case "call":
      return [work.operation];
    case "steps":
      return [...new Set(work.steps.flatMap(step => (step.type === "call" ? step.operation : [])))];
    case "mock":
      return [];
  }
}
