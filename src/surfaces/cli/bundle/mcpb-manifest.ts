import type { JsonObject } from "../../../base/json-object.ts";
import { secretName } from "../../../base/secret-name.ts";
import { visibleLine } from "../../../base/visible-text.ts";
import type { EnvironmentVariable } from "../environment-variables.ts";
import { shortened } from "../shortened.ts";
import { COMMAND_FOLDER } from "./command-files.ts";

/** The parts of a bundle's manifest that differ. */
export interface BundleFacts {
  /** Name of the capability. */
  readonly name: string;
  readonly title: string | undefined;
  readonly description: string | undefined;
  /** Version of naftiko, which the bundle holds. */
  readonly version: string;
  readonly variables: readonly EnvironmentVariable[];
  /** The capability's file, by its path in the bundle. */
  readonly file: string;
}

const ENTRY_POINT = `${COMMAND_FOLDER}/dist/naftiko.cjs`;

/** Oldest Node that the command runs on. */
const NODE_VERSIONS = ">=20.19";

/** Most characters of the sentence that a list of bundles shows. */
const SHORT = 200;

/** Returns the manifest of a bundle, in version 0.3 of the MCPB specification. */
export function mcpbManifest(facts: BundleFacts): JsonObject {
  const description = visibleLine(facts.description ?? "").trim();
  const short = shortened(description, SHORT);
  return {
    manifest_version: "0.3",
    name: facts.name,
    display_name: visibleLine(facts.title ?? facts.name),
    version: facts.version,
    description: short === "" ? `Operations of ${facts.name}` : short,
    ...(short === description ? {} : { long_description: description }),
    author: { name: "naftiko" },
    server: {
      type: "node",
      entry_point: ENTRY_POINT,
      mcp_config: {
        command: "node",
        args: [`\${__dirname}/${ENTRY_POINT}`, "mcp", `\${__dirname}/${facts.file}`],
        env: Object.fromEntries(facts.variables.map(({ name }) => [name, `\${user_config.${keyOf(name)}}`])),
      },
    },
    tools_generated: true,
    user_config: Object.fromEntries(facts.variables.map(variable => [keyOf(variable.name), questionOf(variable)])),
    compatibility: { runtimes: { node: NODE_VERSIONS } },
  };
}

/** Returns the name of a setting: a variable's, in the letters that clients use. */
function keyOf(variable: string): string {
  return variable.toLowerCase();
}

function questionOf({ name, isRequired }: EnvironmentVariable): JsonObject {
  return {
    type: "string",
    title: name,
    description: `Value of the variable ${name}`,
    sensitive: secretName(name) !== undefined,
    // A setting that is left out would arrive as the reference to it, where it has no default.
    ...(isRequired ? { required: true } : { required: false, default: "" }),
  };
}
