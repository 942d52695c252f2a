import { formatDuration } from "../../base/duration.ts";
import type { Flag, OptionRow } from "../../base/option-row.ts";
import { type FlagRow, needsValue } from "./run-options.ts";

/** Returns an option as it is written, without the dashes: `timeout TIME`, `cache[=FILE]`. */
export function flagUsage(flag: Flag): string {
  const { name, value = "" } = flag;
  return needsValue(flag) ? `${name} ${value}` : `${name}${value}`;
}

/** Returns what help says of an option: its meaning, its default, whether it may be repeated. */
export function flagText({ flag, ...row }: FlagRow): string {
  const text = flag.text ?? row.text;
  const usual = defaultText(row);
  const parts = [
    text.startsWith("`") ? text : text.charAt(0).toUpperCase() + text.slice(1),
    ...(usual === undefined ? [] : [`by default ${usual}`]),
    ...(flag.isRepeatable === true ? ["repeatable"] : []),
  ];
  return parts.join("; ").replaceAll("`", "");
}

/** Returns the default in words; `undefined` if leaving the option out says enough. */
function defaultText({ kind, default: usual, otherwise, zero }: OptionRow): string | undefined {
  if (otherwise !== undefined) return otherwise;
  if (typeof usual === "string") return usual;
  if (typeof usual !== "number") return undefined;
  if (usual === 0 && zero !== undefined) return zero;
  const number = kind.form === "time" ? formatDuration(usual) : withSeparators(usual);
  return zero === undefined ? number : `${number}, 0 for ${zero}`;
}

/** Writes a whole number with a comma between thousands. `toLocaleString` would load all languages of Node first. */
function withSeparators(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
