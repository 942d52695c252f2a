import type { Diagnostic } from "../../base/capability-error.ts";
import { getOrSet } from "../../base/get-or-set.ts";
import { member } from "../../base/json-object.ts";
import { stringify } from "../../base/numbers/exact-json.ts";
import { quoteArgument } from "../../base/quote-argument.ts";
import { authentications } from "../../engine/authentication/authentications.ts";
import type { BindResolver } from "../../engine/binds/bind-resolver.ts";
import type { BindSource } from "../../engine/binds/bind-source.ts";
import { withheldCommands } from "../../engine/binds/exec/withheld-commands.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import { neededVariables } from "../../engine/request/needed-variables.ts";
import type { Runtime } from "../../engine/runtime.ts";
import type { BindVariable } from "../../language/document/declared-binds.ts";
import type { CapabilityDocument } from "../../language/document/document-types.ts";
import { shownBaseUri } from "../../language/expression/base-uri.ts";
import {
  describeOperation as describeModel,
  type OperationDescription,
} from "../../language/model/describe-operation.ts";
import {
  describeUnit,
  type OutputDescription,
  type UnitDescription,
} from "../../language/model/exposed/describe-unit.ts";
import { isUnit } from "../../language/model/exposed/resolved-work.ts";
import type { Unit } from "../../language/model/exposed/types.ts";
import { impliedCredentialNote } from "../../language/model/notes.ts";
import type { OverlaidSetting } from "../../language/model/overlaid-settings.ts";
import { templateFindings } from "../../language/model/template-findings.ts";
import type { Adapter, CapabilityModel, Operation, Template } from "../../language/model/types.ts";
import { locateDiagnostics } from "../../language/validation/validate.ts";
import { withoutLiterals } from "../../language/validation/without-literals.ts";
import { alignColumns } from "./align-columns.ts";
import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import {
  descriptionLines,
  exampleCommand,
  exampleOfUnit,
  formatInputs,
  formatOperations,
  formatUnit,
  formatUnits,
  routeOf,
  unitsOf,
} from "./help.ts";
import { openNamed } from "./open-named.ts";
import { formatOverlay, overlaidBinds } from "./overlay-text.ts";
import { printLines } from "./printed-text.ts";
import { readBindValues } from "./read-bind-values.ts";
import type { ConfigOptions } from "./read-config.ts";
import { findingText } from "./remedy-text.ts";
import { showText } from "./show-text.ts";
import { writeJson } from "./write-result.ts";

interface DescribeOptions extends ConfigOptions {
  readonly capability: string;
  readonly operation: string | undefined;
  readonly open: OpenOptions;
  readonly envFiles: readonly string[];
  readonly output: "text" | "json";
  readonly noColor: boolean;
}

/** Longest wait for a store of variables, in milliseconds: one that is down is only to be shown as such. */
const BIND_TIMEOUT_MS = 2_000;

/** Runs `naftiko describe <capability> [operation]`. */
export async function describe(options: DescribeOptions, context: CommandContext): Promise<ExitCode> {
  const bindValues = readBindValues(options.envFiles, context);
  const capability = await openNamed(
    options.capability,
    {
      config: options.config,
      open: { ...options.open, bindTimeoutMs: BIND_TIMEOUT_MS },
      bindValues,
      firstSources: [unreadCommands()],
    },
    context,
  );
  const { secrets } = capability;
  const json = options.output === "json";
  const { columns } = context.stdout;
  if (options.operation === undefined) {
    // Masked before its texts are wrapped, too: a secret may have spaces.
    const described = secrets.value(await describeCapability(capability)) as DescribedCapability;
    if (json) await writeJson(described, options, context);
    else await write(formatCapability(described, capability, options.capability, columns));
    return exitCode.done;
  }
  const found = capability.findCallable(options.operation);
  const policy = capability.policyNote(found);
  const withPolicy = (described: object) => (policy === undefined ? described : { ...described, policy });
  const policyLines = policy === undefined ? [] : ["", `Policy: ${policy}`];
  if (isUnit(found)) {
    const described = secrets.value(describeUnit(found, routeOf(capability, found))) as UnitDescription;
    if (json) await writeJson(withPolicy(described), options, context);
    else
      await write([...formatDescribedUnit(described, options.operation, options.capability, columns), ...policyLines]);
  } else {
    const described = secrets.value(await describeOperation(capability, found)) as DescribedOperation;
    if (json) await writeJson(withPolicy(described), options, context);
    else await write([...formatOperation(described, options.capability, columns), ...policyLines]);
  }
  return exitCode.done;

  function write(lines: readonly string[]): Promise<void> {
    return showText(printLines(lines.map(line => secrets.text(line))), context);
  }
}

/** Returns a source that stands for commands: `describe` does not run them. */
function unreadCommands(): BindSource {
  return {
    ...withheldCommands(),
    lookup() {
      throw new Error("describe runs no command");
    },
  };
}

interface DescribedAdapter {
  readonly namespace: string;
  readonly baseUri: string;
  readonly authentication: string;
  readonly note: string | undefined;
}

interface DescribedVariable {
  readonly name: string;
  readonly lookedUp: string;
  readonly set: boolean;
  /** Why the place cannot tell. */
  readonly problem?: string;
}

/** Template without a value, or with one that the file does not declare. Absent members: there is none. */
interface DescribedFindings {
  readonly findings?: readonly Diagnostic[];
}

interface DescribedOperation extends OperationDescription, DescribedAdapter, DescribedFindings {
  readonly variables: readonly DescribedVariable[];
}

interface DescribedCapability extends DescribedFindings {
  readonly name: string;
  readonly file: string | undefined;
  readonly label: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly consumes: readonly DescribedAdapter[];
  readonly variables: readonly (DescribedVariable & { readonly usedBy: readonly string[] })[];
  readonly operations: readonly {
    reference: string;
    method: string;
    path: string;
    description: string | undefined;
    aliases: readonly string[] | undefined;
  }[];
  /** What is exposed, and does something else than the operation of its name. Absent: nothing. */
  readonly exposed?: readonly DescribedUnit[];
  readonly overlay?: readonly OverlaidSetting[];
}

interface DescribedUnit {
  /** Shortest of the names that mean it. */
  readonly name: string;
  readonly reference: string;
  readonly kind: Unit["kind"];
  readonly route: string | undefined;
  readonly description: string | undefined;
}

function exposedMember(capability: Runtime): Pick<DescribedCapability, "exposed"> {
  const exposed = unitsOf(capability).map(({ unit, name, route }) => ({
    name,
    reference: unit.reference,
    kind: unit.kind,
    route,
    description: unit.description,
  }));
  return exposed.length === 0 ? {} : { exposed };
}

async function describeCapability(capability: Runtime): Promise<DescribedCapability> {
  const { model, binds, document } = capability;
  const overlay = unique([...capability.operations.values()].flatMap(operation => operation.overlay ?? []));
  const declared = overlaidBinds(model.binds);
  const users = usersOf(model.operations);
  return {
    name: capability.name,
    file: document.source.file,
    label: model.info.label,
    description: model.info.description,
    tags: model.info.tags,
    consumes: model.adapters.map(describeAdapter),
    variables: await Promise.all(
      model.binds.map(async variable => ({
        ...(await describeVariable(variable, binds)),
        usedBy: [...(users.get(variable) ?? [])],
      })),
    ),
    operations: [...capability.operations.values()].map(({ reference, method, path, description, aliases }) => ({
      reference,
      method,
      path,
      description,
      aliases,
    })),
    ...exposedMember(capability),
    ...overlayMember([...overlay, ...declared]),
    ...(await findingsMember(capability, model)),
  };
}

async function describeOperation(capability: Runtime, operation: Operation): Promise<DescribedOperation> {
  const { binds } = capability;
  const described = describeModel(operation);
  const variables = neededVariables(operation);
  return {
    ...described,
    ...describeAdapter(operation.adapter),
    variables: await Promise.all(variables.map(variable => describeVariable(variable, binds))),
    ...overlayMember([...(described.overlay ?? []), ...overlaidBinds(variables)]),
    ...(await findingsMember(capability, { adapters: [operation.adapter], operations: [operation] })),
  };
}

/** Finds templates that cannot work, with their places. */
async function findingsMember(
  { document, model }: Runtime,
  part: Pick<CapabilityModel, "adapters" | "operations">,
): Promise<DescribedFindings> {
  const found = templateFindings({ ...part, binds: model.binds }, document.value as CapabilityDocument);
  if (found.length === 0) return {};
  return { findings: withoutLiterals(await locateDiagnostics(document, found), document.value) };
}

function overlayMember(overlay: readonly OverlaidSetting[]): {
  readonly overlay?: readonly OverlaidSetting[];
} {
  return overlay.length === 0 ? {} : { overlay };
}

/** Returns the settings once each: one may be set for several operations. */
function unique(settings: readonly OverlaidSetting[]): OverlaidSetting[] {
  return [...new Map(settings.map(setting => [stringify(setting), setting])).values()];
}

function describeAdapter(adapter: Adapter): DescribedAdapter {
  const note = impliedCredentialNote(adapter);
  return {
    namespace: adapter.namespace,
    baseUri: shownBaseUri(adapter.baseUri.text),
    authentication: describeAuthentication(adapter),
    note: note && findingText(note),
  };
}

function describeAuthentication({ authentication }: Adapter): string {
  if (authentication === undefined) return "none";
  const { type, implied, fields } = authentication;
  const variables = [...fields.values()].flatMap(variablesOf).map(({ name }) => name);
  const parts = [
    type,
    member(authentications, type)?.describe?.(authentication),
    variables.length > 0 && `from ${variables.join(", ")}`,
    implied && "(implied)",
  ];
  return parts.filter(Boolean).join(" ");
}

async function describeVariable(variable: BindVariable, binds: BindResolver): Promise<DescribedVariable> {
  const state = await binds.state(variable);
  return {
    name: variable.name,
    lookedUp: binds.describe(variable),
    set: state.kind === "set",
    ...(state.kind === "failed" ? { problem: findingText({ message: state.reason, remedy: state.remedy }) } : {}),
  };
}

/** Returns the namespaces of the operations that look each variable up. */
function usersOf(operations: readonly Operation[]): ReadonlyMap<BindVariable, ReadonlySet<string>> {
  const users = new Map<BindVariable, Set<string>>();
  for (const operation of operations) {
    for (const variable of neededVariables(operation))
      getOrSet(users, variable, () => new Set<string>()).add(operation.adapter.namespace);
  }
  return users;
}

function variablesOf({ parts }: Template): BindVariable[] {
  return parts.flatMap(part => (typeof part === "object" && part.kind === "bind" ? [part.variable] : []));
}

function formatCapability(
  described: DescribedCapability,
  capability: Runtime,
  written: string,
  columns: number | undefined,
): string[] {
  const lines = [described.label ?? described.name];
  if (described.description !== undefined) lines.push(...descriptionLines(described.description, columns));
  lines.push("", `Name          ${described.name}`);
  if (described.file !== undefined) lines.push(`File          ${described.file}`);
  if (described.tags.length > 0) lines.push(`Tags          ${described.tags.join(", ")}`);
  for (const adapter of described.consumes) {
    lines.push("", `Consumes      ${adapter.namespace}`, ...formatAdapter(adapter));
  }
  lines.push(...formatVariables(described.variables), ...formatOverlay(described.overlay ?? []));
  lines.push(...formatFindings(described.findings ?? []));
  lines.push("", `Operations (${described.operations.length}):`, ...formatOperations(capability, columns));
  lines.push(...formatUnits(capability, columns));
  const [first] = capability.operations.values();
  if (first !== undefined) {
    lines.push("", "Example:", `  ${exampleCommand(written, first)}`, "");
    lines.push(`More of one:  naftiko describe ${quoteArgument(written)} ${quoteArgument(first.reference)}`);
  }
  return lines;
}

function formatAdapter({ baseUri, authentication, note }: DescribedAdapter): string[] {
  return [
    `Base URI      ${baseUri || "(empty: give --base-uri URL)"}`,
    `Credential    ${authentication}`,
    ...(note === undefined ? [] : [`              ${note}`]),
  ];
}

function formatVariables(variables: readonly DescribedVariable[]): string[] {
  if (variables.length === 0) return [];
  const rows = variables.map(({ name, lookedUp, set, problem }) => {
    const state = problem === undefined ? (set ? "set" : "not set") : "not read";
    return [name, state, problem === undefined ? `(${lookedUp})` : `(${lookedUp}: ${problem})`];
  });
  return ["", "Variables:", ...alignColumns(rows).map(line => `  ${line}`)];
}

function formatFindings(findings: readonly Diagnostic[]): string[] {
  if (findings.length === 0) return [];
  const lines = findings.map(({ severity, message, source }) => {
    const place = source === undefined ? "" : ` (line ${source.line})`;
    return `  ${severity}: ${message}${place}`;
  });
  return ["", "Problems:", ...lines];
}

function formatOperation(operation: DescribedOperation, written: string, columns: number | undefined): string[] {
  const lines = [`${operation.name}  ${operation.method} ${operation.path}`];
  if (operation.aliases !== undefined) lines.push(`Also named ${operation.aliases.join(", ")}`);
  if (operation.label) lines.push(operation.label);
  if (operation.description) lines.push(...descriptionLines(operation.description, columns));
  lines.push("", ...formatAdapter(operation), ...formatVariables(operation.variables));
  lines.push(...formatOverlay(operation.overlay ?? []), ...formatFindings(operation.findings ?? []));
  lines.push("", ...formatInputs(operation, columns), "", ...formatOutputs(operation));
  lines.push("", "Example:", `  ${exampleCommand(written, operation)}`);
  return lines;
}

function formatDescribedUnit(
  unit: UnitDescription,
  reference: string,
  written: string,
  columns: number | undefined,
): string[] {
  const { outputs = [] } = unit;
  const rows = outputs.flatMap(output => outputRows(output, output.name ?? "", 1));
  return [
    ...formatUnit(unit, columns),
    ...(rows.length === 0 ? [] : ["", "Answer:", ...alignColumns(rows)]),
    "",
    "Example:",
    `  ${exampleOfUnit(written, reference, unit)}`,
  ];
}

/** Levels of an answer that are shown. */
const DEEPEST_OUTPUT = 6;

/** Returns an output and the members of its value, each further in than what it is a part of. */
function outputRows(
  { type, mapping = "", properties, items }: OutputDescription,
  name: string,
  level: number,
): string[][] {
  if (level > DEEPEST_OUTPUT) return [];
  const members = properties ?? items?.properties;
  const typeText = items !== undefined && type === "array" ? `array of ${items.type}` : type;
  const own = name === "" ? `${"  ".repeat(level)}(the answer)` : `${"  ".repeat(level)}${name}`;
  const below = Object.entries(members ?? {}).flatMap(([member, shape]) => outputRows(shape, member, level + 1));
  return [[own, typeText, mapping], ...below];
}

function formatOutputs({ outputs, outputRawFormat }: OperationDescription): string[] {
  if (outputs.length === 0) return [`Outputs: the decoded ${outputRawFormat} body`];
  const rows = outputs.map(({ name, type, value }) => [name, type, value]);
  return [`Outputs (from ${outputRawFormat}):`, ...alignColumns(rows).map(line => `  ${line}`)];
}
