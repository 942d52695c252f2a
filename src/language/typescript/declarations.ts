import type { CapabilityModel } from "../model/types.ts";
import { capabilityTypes, USED_NAMES } from "./capability-types.ts";
import { TypeNames, textLiteral } from "./type-text.ts";

/** A capability to declare, by each text that `openCapability` may be called with. */
export interface DeclaredCapability {
  readonly keys: readonly string[];
  readonly model: CapabilityModel;
}

/** Types that are imported, if a declaration uses them. */
const IMPORTED = ["BinaryValue", "NoInputs"] as const;

/**
 * Writes the declarations that make `openCapability` know the operations of capabilities. The same capabilities give the
 * same text.
 *
 * @param command the command line that writes them, in one line
 */
export function declarations(capabilities: readonly DeclaredCapability[], command: string): string {
  const names = new TypeNames(USED_NAMES);
  const members: string[] = [];
  const namespaces = capabilities.map(({ keys, model }) => {
    const namespace = names.of(model.name);
    for (const key of keys) members.push(`    ${textLiteral(key)}: ${namespace}.Operations;\n`);
    return capabilityTypes(namespace, model);
  });
  const text = namespaces.join("\n");
  const imported = IMPORTED.filter(name => text.includes(name));
  return [
    `// Types for openCapability() of naftiko. Written by a command, which writes them anew:\n// ${command}\n\n`,
    // Without an import, a module of a package of CommonJS would not know what is declared here.
    `import type {${imported.length === 0 ? "" : ` ${imported.join(", ")} `}} from "naftiko";\n`,
    `\ndeclare module "naftiko" {\n  interface Capabilities {\n${members.join("")}  }\n}\n`,
    ...(text === "" ? [] : ["\n", text]),
  ].join("");
}
