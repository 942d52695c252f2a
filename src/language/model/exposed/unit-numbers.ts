import type { UnitDeclaration } from "../../document/unit-declaration.ts";
import type { Operation } from "../types.ts";
import type { UnitContext } from "./unit-context.ts";

/** Numbers of the units of one server that call the same name, which tell operations of one name apart. */
export class UnitNumbers {
  readonly #calls = new Map<string, number>();

  find(
    { calls }: UnitContext,
    { call, steps, ref }: UnitDeclaration,
    route?: { readonly method: string; readonly path: string },
  ): Operation | undefined {
    if (call === undefined || steps !== undefined || ref !== undefined) return undefined;
    if (!calls.isAmbiguous(call)) return calls.find(call);
    const ordinal = this.#calls.get(call) ?? 0;
    this.#calls.set(call, ordinal + 1);
    return calls.find(call, { ordinal, route });
  }
}
