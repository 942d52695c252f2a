import { isDeepStrictEqual } from "node:util";
import { parse, patch, stringify } from "@decimalturn/toml-patch";
import { isJsonObject, type JsonObject } from "../../../base/json-object.ts";
import { type SettingsFormat, SettingsProblem } from "./settings-format.ts";

/** TOML, as Codex reads its settings. */
export const tomlSettings: SettingsFormat = {
  servers(text, member) {
    const servers = parsed(text)[member];
    if (servers === undefined) return {};
    if (!isJsonObject(servers)) throw new SettingsProblem(`${member} is no table`);
    return servers;
  },

  withServer(text, member, name, entry) {
    const file = parsed(text);
    const servers = isJsonObject(file[member]) ? file[member] : {};
    const present = servers[name];
    const server = isJsonObject(present) ? { ...present, ...entry } : entry;
    const patched = patch(text, { ...file, [member]: { ...servers, [name]: server } });
    if (present !== undefined) return patched;
    // A table of its own at the end leaves every line as it is. It is no TOML where the servers are an inline table.
    const added = withTable(text, `[${member}.${name}]\n${stringify(entry)}`);
    return isSame(added, patched) ? added : patched;
  },
};

function parsed(text: string): JsonObject {
  try {
    return parse(text) as JsonObject;
  } catch (error) {
    const { message, line, column } = error as Error & { readonly line?: number; readonly column?: number };
    // The message shows the line, which may hold a secret, between its place and its reason.
    const reason = message.split("\n").at(-1) ?? "it is no TOML";
    throw new SettingsProblem(reason, line === undefined || column === undefined ? undefined : { line, column });
  }
}

function withTable(text: string, table: string): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const gap = text === "" ? "" : text.endsWith("\n") ? eol : eol + eol;
  return text + gap + `${table.trim()}\n`.replaceAll("\n", eol);
}

function isSame(text: string, other: string): boolean {
  try {
    return isDeepStrictEqual(parse(text), parse(other));
  } catch {
    return false;
  }
}
