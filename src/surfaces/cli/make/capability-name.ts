import { kebabName } from "../../../language/openapi/imported-names.ts";

/** Names that Windows keeps for devices, whatever extension follows. */
const OF_WINDOWS = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

const LONGEST = 100;

/**
 * Tells why a text cannot name a new capability, as the end of a sentence that starts with "it", or returns `undefined`
 * if it can. The name is that of a file on every system, a namespace of the language, and an argument of the command.
 */
export function capabilityNameProblem(name: string): string | undefined {
  if (name === "") return "is empty";
  if (/[/\\]/.test(name)) return "is a path: --dir names the folder";
  if (name.startsWith("-")) return "begins with a hyphen, as options do";
  if (!/^[a-z\d-]+$/i.test(name)) return "has other characters than letters, digits and hyphens";
  if (name.length > LONGEST) return `has more than ${LONGEST} characters`;
  if (OF_WINDOWS.test(name)) return "is the name of a device on Windows";
  return undefined;
}

/**
 * Tells why a text cannot be the name of an added file, which its publisher has chosen, as the end of a sentence that
 * starts with "it".
 */
export function addedNameProblem(name: string): string | undefined {
  if (!/^\w[\w.-]*$/.test(name)) return "has other characters than letters, digits, hyphens, underscores and dots";
  const [device = ""] = name.split(".", 1);
  return OF_WINDOWS.test(device) ? "is the name of a device on Windows" : undefined;
}

/** Returns the nearest name that a new capability can have, or `undefined` if the text has no letters of one. */
export function nearestCapabilityName(text: string): string | undefined {
  const [file = ""] = text.slice(-1_000).split(/[/\\]/).slice(-1);
  const name = kebabName(file.replace(/\.ya?ml$/i, ""));
  return capabilityNameProblem(name) === undefined ? name : undefined;
}
