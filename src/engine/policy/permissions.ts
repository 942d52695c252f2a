import type { SecretMask } from "../../base/mask-secrets.ts";
import { isUnit } from "../../language/model/exposed/resolved-work.ts";
import type { Unit } from "../../language/model/exposed/types.ts";
import type { Adapter, CapabilityModel, Operation } from "../../language/model/types.ts";
import type { PolicySetting } from "../../language/overlays/overlays.ts";
import type { PolicyLevel } from "../../language/overlays/policy-level.ts";
import { meantBy } from "./meant-targets.ts";
import { Permission } from "./permission.ts";
import type { Policy } from "./policy.ts";
import { policyOf } from "./policy-of.ts";
import { operationsOf, type PassedTarget, targetOf, targetOfPassed, targetOfUnit } from "./targets.ts";

interface PermissionParts {
  /** Of the options. */
  readonly policy: PolicySetting | undefined;
  /** Of the configuration. */
  readonly levels: readonly PolicyLevel[];
  readonly model: CapabilityModel;
  readonly secrets: SecretMask;
  /** Whether calls are confirmed. */
  readonly asks: boolean;
}

/** Compiles what the policy says of one capability. */
export function openPermissions({ policy, levels, ...parts }: PermissionParts): Permissions {
  return new Permissions(policyOf(policy, levels), parts);
}

/** What the policy says of the operations of one capability, and of what it exposes. */
export class Permissions {
  readonly #policy: Policy;
  readonly #parts: Pick<PermissionParts, "model" | "secrets" | "asks">;
  readonly #known = new Map<Operation | Unit, Permission | undefined>();

  constructor(policy: Policy, parts: Pick<PermissionParts, "model" | "secrets" | "asks">) {
    this.#policy = policy;
    this.#parts = parts;
  }

  /** Returns what is to be required of a call. `undefined`: nothing. */
  of(called: Operation | Unit): Permission | undefined {
    if (!this.#known.has(called)) this.#known.set(called, this.#decide(called));
    return this.#known.get(called);
  }

  /**
   * Requires that a request may be passed on. Nobody can be asked about it.
   *
   * @throws CapabilityError `OPERATION_REFUSED`, `CONFIRMATION_MISSING`
   */
  async requirePassed(adapter: Adapter, request: PassedTarget): Promise<void> {
    const { model, secrets } = this.#parts;
    const target = targetOfPassed(adapter, request, model);
    const named = { name: `${request.method} ${target.path}`, capability: model.name };
    const permission = new Permission(
      named,
      this.#policy.refusalOf([target], undefined, meantBy(adapter, target, model)),
      this.#policy.confirmationOf([target], false),
      secrets,
    );
    await permission.require({}, undefined, () => {});
  }

  #decide(called: Operation | Unit): Permission | undefined {
    const { model, secrets, asks } = this.#parts;
    const isExposed = isUnit(called);
    const targets = (isExposed ? operationsOf(called) : [called]).map(operation => targetOf(operation, model));
    const refusal = this.#policy.refusalOf(targets, isExposed ? targetOfUnit(called, model) : undefined);
    const isDestructive = isExposed && called.hints.destructive === true;
    const rule = asks ? this.#policy.confirmationOf(targets, isDestructive) : undefined;
    if (refusal === undefined && rule === undefined) return undefined;
    return new Permission({ name: called.name, capability: model.name }, refusal, rule, secrets);
  }
}
