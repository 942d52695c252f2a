import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { changeFile } from "../../../base/files/change-file.ts";
import { ioReason } from "../../../base/io-reason.ts";
import { workingCapabilities } from "../../../engine/capability-folders.ts";
import { documentText } from "../../../language/document/document-text.ts";
import { describeOperation } from "../../../language/model/describe-operation.ts";
import type { CommandContext } from "../command-context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { exampleCommand } from "../help.ts";
import { ioError } from "../io-error.ts";
import { openWritten } from "../open-named.ts";
import { printLines } from "../printed-text.ts";
import { schemaLine } from "../schema-line.ts";
import { shownPath } from "../shown-path.ts";
import { usageError } from "../usage-error.ts";
import { capabilityNameProblem, nearestCapabilityName } from "./capability-name.ts";
import { addExampleVariables } from "./example-variables.ts";
import { type GivenSettings, settleCapability } from "./init-settings.ts";
import { newCapability } from "./new-capability.ts";

interface InitOptions {
  readonly name: string;
  /** Folder of the file, in place of the `capabilities/` where names are looked up. */
  readonly dir: string | undefined;
  readonly given: GivenSettings;
}

/** Runs `naftiko init <name>`. */
export async function init({ name, dir, given }: InitOptions, context: CommandContext): Promise<ExitCode> {
  const { cwd, stdout, stderr, terminal } = context;
  requireName(name);
  const found = workingCapabilities(cwd).folder;
  const folder = dir === undefined ? found : path.resolve(cwd, dir);
  const file = path.join(folder, `${name}.yaml`);
  requireNew(file);
  const settings = await settleCapability({ name, given, terminal });
  const { document, variables } = newCapability(settings);
  const text = schemaLine(file) + documentText({ ...document }, "yaml");
  await writeNew(file, text);
  const runtime = await openWritten(file, { env: {} }, {}, context);
  const lines = [`Wrote ${shownPath(file, cwd)}`];
  const examples = path.join(dir === undefined ? path.dirname(folder) : cwd, ".env.example");
  try {
    const added = await addExampleVariables(examples, variables);
    if (added.length > 0) lines.push(`Added ${added.join(", ")} to ${shownPath(examples, cwd)}`);
  } catch (error) {
    const reason = ioReason(error);
    stderr.write(printLines([`warning: Cannot add ${variables.join(", ")} to ${examples}: ${reason}`]));
  }
  const written = folder === found ? name : shownPath(file, cwd);
  const [operation] = runtime.model.operations;
  const command = operation === undefined ? "" : exampleCommand(written, describeOperation(operation));
  lines.push("", "Try it in a sandbox, and then for real:", "", `  ${command} --mock`, `  ${command}`);
  if (variables.length > 0) lines.push("", `The API needs ${variables.join(", ")}, in the environment or in .env`);
  stdout.write(printLines(lines));
  return exitCode.done;
}

function requireName(name: string): void {
  const problem = capabilityNameProblem(name);
  if (problem === undefined) return;
  const nearest = nearestCapabilityName(name);
  const instead = nearest === undefined ? undefined : `naftiko init ${nearest}`;
  throw usageError(`Cannot name a capability ${JSON.stringify(name)}: it ${problem}`, instead);
}

/** Refuses a name that is taken: a look-up finds one file of a name in a folder. */
function requireNew(file: string): void {
  const taken = [file, file.replace(/\.yaml$/, ".yml")].find(candidate => existsSync(candidate));
  if (taken !== undefined) throw usageError(`${taken} is there already: take another name, or edit that file`);
}

async function writeNew(file: string, text: string): Promise<void> {
  const what = `write ${file}`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await changeFile(file, before => {
      if (before !== undefined) requireNew(file);
      return text;
    });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === undefined ? error : ioError(what, error);
  }
}
