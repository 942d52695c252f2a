import type { ExposedRule } from "./exposed-rule.ts";
import { adapterKind } from "./rules/adapter-kind.ts";
import { adapterPort } from "./rules/adapter-port.ts";
import { exposedAuthentication } from "./rules/exposed-authentication.ts";
import { exposedExpression } from "./rules/exposed-expression.ts";
import { exposedInput } from "./rules/exposed-input.ts";
import { exposedName } from "./rules/exposed-name.ts";
import { functionUnique } from "./rules/function-unique.ts";
import { promptUsable } from "./rules/prompt-usable.ts";
import { referenceKnown } from "./rules/reference-known.ts";
import { resourceUsable } from "./rules/resource-usable.ts";
import { routeUnique } from "./rules/route-unique.ts";
import { scriptUsable } from "./rules/script-usable.ts";
import { skillUsable } from "./rules/skill-usable.ts";
import { stepExtension } from "./rules/step-extension.ts";
import { stepOrder } from "./rules/step-order.ts";
import { unitMode } from "./rules/unit-mode.ts";
import { withName } from "./rules/with-name.ts";

/** Every rule about what is exposed. */
export const exposedRules: readonly ExposedRule[] = [
  adapterKind,
  adapterPort,
  exposedAuthentication,
  referenceKnown,
  functionUnique,
  unitMode,
  routeUnique,
  exposedInput,
  withName,
  exposedExpression,
  exposedName,
  stepOrder,
  stepExtension,
  scriptUsable,
  resourceUsable,
  promptUsable,
  skillUsable,
];
