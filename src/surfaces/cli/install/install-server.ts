import { copyFile, mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { replaceText } from "../../../base/files/change-file.ts";
import { markedFileText, withoutByteOrderMark } from "../../../base/files/file-text.ts";
import { writeWholeFile } from "../../../base/files/whole-file.ts";
import { ioReason } from "../../../base/io-reason.ts";
import { isJsonObject, member } from "../../../base/json-object.ts";
import type { CommandContext } from "../command-context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { ioError } from "../io-error.ts";
import { printLines } from "../printed-text.ts";
import { usageError } from "../usage-error.ts";
import { addedLines } from "./added-lines.ts";
import type { Client, Launch } from "./client.ts";
import { jsonSettings } from "./json-settings.ts";
import { type SettingsFormat, SettingsProblem } from "./settings-format.ts";
import { tomlSettings } from "./toml-settings.ts";
import { userFolders } from "./user-folders.ts";

const formats: Readonly<Record<Client["format"], SettingsFormat>> = { json: jsonSettings, toml: tomlSettings };

interface InstallOptions {
  /** Name of the server in the client. */
  readonly name: string;
  readonly launch: Launch;
  /** Whether variables reach the server by a file that its arguments name. */
  readonly readsFile: boolean;
  readonly dryRun: boolean;
  /** Replace an entry of that name that starts another program. */
  readonly force: boolean;
}

/**
 * Writes a server into the settings of a client: its entry is added or changed, everything else stays as it is.
 *
 * @throws CapabilityError `USAGE` for settings that cannot be changed, and an entry of another program; `IO_FAILED`
 */
export async function installServer(
  client: Client,
  options: InstallOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { name, launch, dryRun } = options;
  const file = client.file(userFolders(context.env));
  const before = await presentText(file);
  const former = withoutByteOrderMark(before ?? "");
  const after = changedText(client, file, former, options);
  const isChanged = after !== former;
  if (dryRun) {
    context.stdout.write(printLines([file, ...addedLines(former, after)]));
  } else if (isChanged) {
    const backup = await writeSettings(file, before, after);
    if (backup !== undefined) context.stderr.write(printLines([`The former file is kept as ${backup}`]));
  }
  const done = isChanged ? (dryRun ? "would be written to" : "is written to") : "is already in";
  context.stderr.write(printLines([`${name} ${done} ${file}`, ...notesOf(client, launch, options)]));
  if (isChanged && !dryRun) context.stderr.write(printLines([client.afterwards]));
  return exitCode.done;
}

/** @returns with its byte order mark; `undefined` if there is no file */
async function presentText(file: string): Promise<string | undefined> {
  try {
    return markedFileText(await readFile(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw usageError(`Cannot read the settings ${file}: ${ioReason(error)}`);
  }
}

function changedText(client: Client, file: string, text: string, { name, launch, force }: InstallOptions): string {
  const format = formats[client.format];
  try {
    const present = member(format.servers(text, client.member), name);
    if (present !== undefined && !force && !startsNaftiko(present)) {
      throw usageError(
        `Cannot write ${name} to ${file}: a server of that name is there that naftiko does not start; choose another name with --name, or replace it with --force`,
      );
    }
    return format.withServer(text, client.member, name, client.entry(launch));
  } catch (error) {
    if (!(error instanceof SettingsProblem)) throw error;
    const { line, column, message } = error;
    const place = line === undefined ? "" : `:${line}:${column}`;
    throw usageError(`Cannot change the settings of ${client.title}: ${file}${place}: ${message}. It is left as it is`);
  }
}

/** Tells whether an entry is one that an earlier run wrote. */
function startsNaftiko(entry: unknown): boolean {
  if (!isJsonObject(entry)) return false;
  const { command, args } = entry;
  const words = [command, ...(Array.isArray(args) ? args : [])].map(String);
  const program = words.findIndex(word => /^naftiko(\.cjs|\.cmd|@.*)?$/.test(word.split(/[\\/]/).at(-1) ?? ""));
  return program >= 0 && words[program + 1] === "mcp";
}

/** @returns where the former file is kept */
async function writeSettings(file: string, before: string | undefined, after: string): Promise<string | undefined> {
  try {
    if (before === undefined) {
      await mkdir(path.dirname(file), { recursive: true });
      await writeWholeFile(file, after);
      return undefined;
    }
    const backup = `${file}.${new Date().toISOString().replace(/[:.]/g, "-")}.bak`;
    await copyFile(file, backup);
    const mark = before.slice(0, before.length - withoutByteOrderMark(before).length);
    await replaceText(file, before, mark + after);
    return backup;
  } catch (error) {
    throw ioError(`write the settings ${file}`, error);
  }
}

function notesOf(client: Client, { variables }: Launch, { readsFile }: InstallOptions): string[] {
  if (variables.length === 0 || readsFile) return [];
  const names = variables.join(", ");
  if (client.givesVariables) return [`Set ${names} in the environment that ${client.title} is started from`];
  return [
    `${client.title} gives servers no variables of yours: write ${names} into a file that only you can read, and name it with --env-file FILE`,
  ];
}
