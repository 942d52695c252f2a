import type { BindResolver } from "../../binds/bind-resolver.ts";
import { impliedCredentialNote } from "../../capability/notes.ts";
import type { Adapter, Template } from "../../capability/types.ts";
import type { Capability } from "../../capability.ts";
import type { BindVariable } from "../../document/declared-binds.ts";
import { visibleText } from "../../error/visible-text.ts";
import { openCapability } from "../../open-capability.ts";
import type { CommandContext } from "../command-context.ts";
import { readEnvironment } from "../environment.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { exampleCommand, formatInputs, formatOperations } from "../help.ts";
import { quoteArgument } from "../quote-argument.ts";
import { writeJson } from "../write-result.ts";

export interface DescribeOptions {
  readonly capability: string;
  readonly operation: string | undefined;
  readonly dirs: readonly string[];
  readonly envFiles: readonly string[];
  readonly impliedAuthentication: boolean;
  readonly output: "text" | "json";
}

/** `naftiko describe <capability> [operation]`. */
export async function describe(options: DescribeOptions, context: CommandContext): Promise<ExitCode> {
  const env = await readEnvironment(options.envFiles, context);
  const { dirs, impliedAuthentication } = options;
  const capability = await openCapability(options.capability, { env, dirs, impliedAuthentication });
  const json = options.output === "json";
  if (options.operation === undefined) {
    const described = await describeCapability(capability);
    if (json) writeJson(described, context.stdout);
    else context.stdout.write(visibleText(formatCapability(described, capability, options.capability)));
  } else if (json) {
    writeJson(capability.operation(options.operation), context.stdout);
  } else {
    context.stdout.write(visibleText(formatOperation(capability, options.capability, options.operation)));
  }
  return exitCode.done;
}

interface DescribedCapability {
  readonly name: string;
  readonly file?: string;
  readonly label?: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly consumes: readonly { namespace: string; baseUri: string; authentication: string; note?: string }[];
  readonly variables: readonly { name: string; lookedUp: string; set: boolean; usedBy: readonly string[] }[];
  readonly operations: readonly { reference: string; method: string; path: string; description?: string }[];
}

async function describeCapability(capability: Capability): Promise<DescribedCapability> {
  const { model, binds, document } = capability.parts;
  return {
    name: capability.name,
    ...(document.file === undefined ? {} : { file: document.file }),
    ...(model.info.label === undefined ? {} : { label: model.info.label }),
    ...(model.info.description === undefined ? {} : { description: model.info.description }),
    tags: model.info.tags,
    consumes: model.adapters.map(adapter => {
      const note = impliedCredentialNote(adapter);
      return {
        namespace: adapter.namespace,
        baseUri: adapter.baseUri.text,
        authentication: describeAuthentication(adapter),
        ...(note === undefined ? {} : { note }),
      };
    }),
    variables: await Promise.all(
      model.binds.map(variable => describeVariable(variable, model.adapters, binds)),
    ),
    operations: [...capability.operations.values()].map(({ reference, method, path, description }) => ({
      reference,
      method,
      path,
      ...(description === undefined ? {} : { description }),
    })),
  };
}

function describeAuthentication({ authentication }: Adapter): string {
  if (authentication === undefined) return "none";
  const { type, implied, key, placement, fields } = authentication;
  const variables = [...fields.values()].flatMap(variablesOf).map(({ name }) => name);
  const place = type === "apikey" ? ` in ${placement ?? "header"} ${key ?? "(no key)"}` : "";
  const from = variables.length === 0 ? "" : ` from ${variables.join(", ")}`;
  return `${type}${place}${from}${implied ? " (implied)" : ""}`;
}

async function describeVariable(
  variable: BindVariable,
  adapters: readonly Adapter[],
  binds: BindResolver,
): Promise<DescribedCapability["variables"][number]> {
  const users = adapters.filter(({ authentication }) =>
    [...(authentication?.fields.values() ?? [])].flatMap(variablesOf).includes(variable),
  );
  return {
    name: variable.name,
    lookedUp: binds.describe(variable),
    set: await binds.has(variable),
    usedBy: users.map(({ namespace }) => namespace),
  };
}

function variablesOf({ parts }: Template): BindVariable[] {
  return parts.flatMap(part => (typeof part === "object" && part.kind === "bind" ? [part.variable] : []));
}

function formatCapability(described: DescribedCapability, capability: Capability, written: string): string {
  const lines = [described.label ?? described.name];
  if (described.description !== undefined) lines.push(described.description.trim());
  lines.push("", `Name          ${described.name}`);
  if (described.file !== undefined) lines.push(`File          ${described.file}`);
  if (described.tags.length > 0) lines.push(`Tags          ${described.tags.join(", ")}`);
  for (const { namespace, baseUri, authentication, note } of described.consumes) {
    lines.push("", `Consumes      ${namespace}`);
    lines.push(`Base URI      ${baseUri || "(empty: give --base-uri URL)"}`);
    lines.push(`Credential    ${authentication}`);
    if (note !== undefined) lines.push(`              ${note}`);
  }
  if (described.variables.length > 0) lines.push("", "Variables:");
  for (const { name, lookedUp, set } of described.variables) {
    lines.push(`  ${name}  ${set ? "set" : "not set"}  (${lookedUp})`);
  }
  lines.push("", `Operations (${described.operations.length}):`, formatOperations(capability), "");
  const [first] = capability.operations.values();
  if (first !== undefined) {
    lines.push("Example:", `  ${exampleCommand(written, first)}`, "");
    lines.push(
      `More of one:  naftiko describe ${quoteArgument(written)} ${quoteArgument(first.reference)}`,
      "",
    );
  }
  return lines.join("\n");
}

function formatOperation(capability: Capability, written: string, reference: string): string {
  const operation = capability.operation(reference);
  const lines = [`${operation.name}  ${operation.method} ${operation.path}`];
  if (operation.label) lines.push(operation.label);
  if (operation.description) lines.push(operation.description.trim());
  lines.push("", formatInputs(operation), "");
  if (operation.outputs.length === 0) lines.push(`Outputs: the decoded ${operation.outputRawFormat} body`);
  else {
    lines.push(`Outputs (from ${operation.outputRawFormat}):`);
    for (const { name, type, value } of operation.outputs) lines.push(`  ${name}  ${type}  ${value}`);
  }
  lines.push("", "Example:", `  ${exampleCommand(written, operation)}`, "");
  return lines.join("\n");
}
