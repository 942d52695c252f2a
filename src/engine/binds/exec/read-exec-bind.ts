import { isJsonObject } from "../../../base/json-object.ts";
import { SecretMask } from "../../../base/mask-secrets.ts";
import { parseJson } from "../../../base/parse-json.ts";
import { RemediedError } from "../../../base/remedy.ts";
import { visibleLine } from "../../../base/visible-text.ts";
import type { BindReader, BindSurroundings } from "../bind-reader.ts";
import { fieldsOf, fieldText } from "../field-text.ts";
import { SharedReads } from "../shared-reads.ts";
import { type Printed, runProgram } from "./run-program.ts";
import { splitCommand } from "./split-command.ts";

const outputs = new SharedReads<string>();

const KEY = "{key}";

const SCHEME = /^exec:/i;

/**
 * Reads a variable from the output of a command. The output is the value if the command contains `{key}` or the output is
 * not a JSON object. Else the value is a member of that object.
 *
 * Only a configuration file may run commands, because a capability file may come from anywhere. So may a folder: a
 * configuration that was found in one needs its user's trust.
 */
export const readExecBind: BindReader = async (variable, surroundings, signal) => {
  if (!variable.fromConfig) {
    throw new Error("a capability file may not run commands; naftiko.config.yaml may, in binds of the same namespace");
  }
  const { env, config } = surroundings;
  const distrust = await config?.distrust();
  if (distrust !== undefined) {
    const { reason, remedy } = distrust;
    // The command is last in the message: it may be long.
    throw new RemediedError(`${reason}, so it may not run ${commandOf(variable.location)}`, remedy);
  }
  const { key } = variable;
  const [program, ...args] = splitCommand(variable.location.replace(SCHEME, ""));
  const isOfOneKey = args.some(argument => argument.includes(KEY));
  // Replaced after the split, so that a key is always a part of one argument.
  const command = [program, ...args.map(argument => argument.replaceAll(KEY, () => key))] as const;
  const cwd = variable.directory ?? surroundings.cwd;
  const run = async () => textOf(await runProgram({ command: [...command], cwd, env, signal }), env);
  const identity = JSON.stringify([command, cwd, Object.entries(env)]);
  return outputs.find(identity, run, text => valueIn(text, isOfOneKey ? undefined : key), surroundings.maxAgeMs);
};

/** Returns a command as it is written, for messages. */
function commandOf(location: string): string {
  return visibleLine(location.replace(SCHEME, "").trim());
}

function textOf(printed: Printed, env: BindSurroundings["env"]): string {
  if (printed.ok) {
    if (printed.text === "") throw new Error("the command prints nothing");
    return printed.text;
  }
  const { how, stdout, complaint } = printed;
  if (complaint === "") throw new Error(`the command ${how}`);
  throw new Error(`the command ${how}: ${maskCredentials(complaint, stdout, env)}`);
}

/** Masks credentials in a complaint. A command may repeat its input or its output there. */
function maskCredentials(text: string, stdout: string, env: BindSurroundings["env"]): string {
  const mask = new SecretMask();
  for (const line of stdout.split("\n")) mask.add(line.trim());
  for (const [name, value = ""] of Object.entries(env)) {
    if (/KEY|TOKEN|SECRET|PAT$|PASS|CREDENTIAL|SESSION/i.test(name)) mask.add(value);
  }
  return mask.text(text);
}

function valueIn(text: string, key: string | undefined): string | undefined {
  if (key === undefined || !text.startsWith("{")) return text;
  const parsed = parseJson(text);
  return parsed.ok && isJsonObject(parsed.value) ? fieldText(fieldsOf(parsed.value), key) : text;
}
