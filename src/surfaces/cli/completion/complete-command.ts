import { member } from "../../../base/json-object.ts";
import type { CommandUsage, Operand, UsedOption } from "../command-usage.ts";
import { commandName, commands } from "../commands.ts";
import { needsValue } from "../run-options.ts";
import { type Argument, argumentsOf } from "../scan-arguments.ts";
import { inputAssignments, inputNames, inputValues, type OperationInputs } from "./complete-input.ts";
import { findOperation, isMethod, operationNames } from "./complete-operation.ts";
import type { Candidate, Completion, Surroundings, TypedLine } from "./completion.ts";
import {
  capabilityNames,
  findCapability,
  findUnits,
  type KnownCapability,
  type NamedFolders,
} from "./known-capabilities.ts";
import type { KnownUnit } from "./known-units.ts";

const NOTHING: Completion = { candidates: [] };

/** Command line of a command up to the cursor, and what is known of it. */
interface OpenLine {
  readonly usage: CommandUsage;
  readonly given: readonly Argument[];
  readonly operands: readonly string[];
  readonly current: string;
  readonly folders: NamedFolders;
  readonly surroundings: Surroundings;
}

/** Finds what may stand at the cursor behind the name of a command. */
export async function completeCommand(
  usage: CommandUsage,
  { before, current }: TypedLine,
  surroundings: Surroundings,
): Promise<Completion> {
  const flags = new Map<string, UsedOption>();
  for (const option of usage.options) {
    flags.set(`--${option.name}`, option);
    if (option.short !== undefined) flags.set(`-${option.short}`, option);
  }
  const given = [...argumentsOf(before, written => flags.get(written))];
  const operands = given.flatMap(argument => (argument.kind === "operand" ? [argument.text] : []));
  const [below] = operands;
  const command = usage.commands.find(({ name }) => name === below);
  if (below !== undefined && command === undefined && usage.commands.length > 0 && usage.operands.length === 0)
    return NOTHING;
  if (below !== undefined && command !== undefined) {
    const place = before.indexOf(below);
    const others = [...before.slice(0, place), ...before.slice(place + 1)];
    return completeCommand(
      { ...command, options: [...command.options, ...usage.options] },
      { before: others, current },
      surroundings,
    );
  }
  const folders = { dirs: valuesOf("dir", given), importRoots: valuesOf("allow-import", given) };
  const line: OpenLine = { usage, given, operands, current, folders, surroundings };
  const last = given.at(-1);
  if (!current.startsWith("--")) {
    if (last?.kind === "option" && needsValue(last.flag) && last.text === undefined)
      return completeOption(flags.get(last.written), "", line);
    if (usage.takesInputs && last?.kind === "input" && last.text === true)
      return inputValues(await operationOf(line), last.name, { head: "", current });
  }
  if (current.startsWith("-")) {
    const areOptions = given.every(({ kind }) => kind !== "end");
    const equals = current.indexOf("=");
    if (equals < 0) return { candidates: [...(await inputsOf(line)), ...(areOptions ? optionsOf(line) : [])] };
    const written = current.slice(0, equals);
    const head = current.slice(0, equals + 1);
    const option = areOptions ? flags.get(written) : undefined;
    if (option !== undefined || !usage.takesInputs) return completeOption(option, head, line);
    return inputValues(await operationOf(line), written.slice(2), { head, current });
  }
  return completeOperand(line);
}

function valuesOf(option: string, given: readonly Argument[]): string[] {
  return given.flatMap(argument =>
    argument.kind === "option" && argument.flag.name === option && argument.text !== undefined ? [argument.text] : [],
  );
}

/** Returns the inputs of the operation as `--name`. */
async function inputsOf(line: OpenLine): Promise<Candidate[]> {
  return line.usage.takesInputs ? inputNames(await operationOf(line), line.given) : [];
}

function optionsOf({ usage, given }: OpenLine): Candidate[] {
  const used = new Set(given.flatMap(argument => (argument.kind === "option" ? [argument.flag.name] : [])));
  return usage.options.flatMap(({ name, description, isRepeatable }) =>
    used.has(name) && !isRepeatable ? [] : [{ text: `--${name}`, description }],
  );
}

/** Finds values of an option. `head` is the beginning of the word that is not part of the value. */
async function completeOption(option: UsedOption | undefined, head: string, line: OpenLine): Promise<Completion> {
  const value = option?.value;
  if (option === undefined || value === undefined) return NOTHING;
  if (option.choices.length > 0)
    return { candidates: option.choices.map(choice => ({ text: head + choice, description: "" })) };
  if (option.name === "input" && line.usage.takesInputs)
    return inputAssignments(await operationOf(line), line.given, { head, current: line.current });
  const ofName = member(NAMED, option.name);
  if (value === "FILE" && ofName !== undefined) {
    const { candidates } = await ofName({ ...line, current: line.current.slice(head.length) });
    return { candidates: candidates.map(({ text, ...rest }) => ({ ...rest, text: head + text })) };
  }
  if (/FILE|PATH/.test(value)) return { candidates: [], paths: { kind: "file", behind: head } };
  if (/FOLDER|DIR/.test(value)) return { candidates: [], paths: { kind: "folder", behind: head } };
  return value === "JSON" && line.current.startsWith(`${head}@`)
    ? { candidates: [], paths: { kind: "file", behind: `${head}@` } }
    : NOTHING;
}

/** Words that an operand or the value of an option may be, by its name. Others are paths of files. */
const NAMED: Readonly<Record<string, (line: OpenLine) => Completion | Promise<Completion>>> = {
  capability: completeCapability,
  operation: async line => ({
    candidates: [
      ...operationNames(await capabilityOf(line), given("operation", line), line.current),
      ...(await unitNames(line)),
    ],
  }),
  namespace: async line => ({
    candidates: ((await capabilityOf(line))?.adapters ?? []).map(({ namespace, baseUri }) => ({
      text: namespace,
      description: baseUri,
    })),
  }),
  command: () => ({
    candidates: commands.map(module => ({ text: commandName(module), description: module.describe })),
  }),
  name: () => NOTHING,
  text: () => NOTHING,
  words: () => NOTHING,
};

async function completeOperand(line: OpenLine): Promise<Completion> {
  const { usage, operands, current } = line;
  if (usage.commands.length > 0 && operands.length === 0) {
    const below = usage.commands.map(({ name, description }) => ({ text: name, description }));
    if (usage.operands.length === 0) return { candidates: below };
    const { candidates, ...others } = await completeOperand({ ...line, usage: { ...usage, commands: [] } });
    return { ...others, candidates: [...below, ...candidates] };
  }
  const operand = operandAt(usage.operands, operands);
  if (operand === undefined) return current === "" ? { candidates: await inputsOf(line) } : NOTHING;
  if (operand.choices.length > 0) return { candidates: operand.choices.map(text => ({ text, description: "" })) };
  return member(NAMED, operand.name)?.(line) ?? { candidates: [], paths: { kind: "file", behind: "" } };
}

/** Returns the operand that comes next. The path of an operation is a word of its own in `GET /books`. */
function operandAt(operands: readonly Operand[], given: readonly string[]): Operand | undefined {
  const last = operands.at(-1);
  const isPath = last?.name === "operation" && given.length === operands.length && isMethod(given.at(-1));
  return operands[given.length] ?? (last?.isRepeatable === true || isPath ? last : undefined);
}

/** Completes a name. What looks like a path, or is no name, is completed as a path. */
async function completeCapability({ current, folders, operands, surroundings }: OpenLine): Promise<Completion> {
  const paths = { kind: "file", behind: "" } as const;
  if (/^[.~/]|\\/.test(current)) return { candidates: [], paths };
  const names = await capabilityNames(folders, surroundings);
  const candidates = names.filter(({ text }) => text.startsWith(current) && !operands.includes(text));
  return candidates.length > 0 ? { candidates } : { candidates, paths };
}

async function capabilityOf(line: OpenLine): Promise<KnownCapability | undefined> {
  const written = given("capability", line);
  return written === undefined ? undefined : findCapability(written, line.folders, line.surroundings);
}

async function operationOf(line: OpenLine): Promise<OperationInputs | undefined> {
  const capability = await capabilityOf(line);
  const written = given("operation", line);
  if (capability === undefined || written === undefined) return undefined;
  const path = line.operands[line.usage.operands.length];
  const reference = path === undefined ? written : `${written} ${path}`;
  return findOperation(capability, reference) ?? (await unitsOf(line)).find(({ names }) => names.includes(reference));
}

/** Returns the names of what is exposed: the shortest, and the others where one is begun. */
async function unitNames(line: OpenLine): Promise<Candidate[]> {
  if (given("operation", line) !== undefined) return [];
  return (await unitsOf(line)).flatMap(({ names, description }) =>
    names.slice(0, line.current === "" ? 1 : names.length).map(text => ({ text, description })),
  );
}

async function unitsOf({ folders, surroundings, ...line }: OpenLine): Promise<readonly KnownUnit[]> {
  const written = given("capability", { ...line, folders, surroundings });
  return written === undefined ? [] : findUnits(written, folders, surroundings);
}

/** Returns an operand that is given. */
function given(name: string, { usage, operands }: OpenLine): string | undefined {
  return operands[usage.operands.findIndex(operand => operand.name === name)];
}
