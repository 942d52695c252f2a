import { CapabilityError, type Diagnostic, isCapabilityError } from "../../base/capability-error.ts";
import { kindOfFile } from "../../catalogue/file-kind.ts";
import { switchProblem } from "../../language/validation/rule-switch.ts";
import { type DiagnoseOptions, diagnoseFile, type FileFindings } from "./diagnose-file.ts";
import type { FoundFile } from "./find-files.ts";

/**
 * Returns every finding of a file, which is checked as the kind of file that it is.
 *
 * @returns `undefined` for a file of others that was found in a folder
 */
export async function diagnoseByKind(
  { file, isNamed }: FoundFile,
  options: DiagnoseOptions,
): Promise<FileFindings | undefined> {
  const found = kindOfFile(file);
  switch (found.kind) {
    case "capability":
      return diagnoseFile(file, options);
    case "configuration":
      return whole(file, await configurationFindings(file));
    case "recording":
      return whole(file, await recordingFindings(file));
    case "other":
      if (!isNamed) return undefined;
      if (found.title === undefined) return diagnoseFile(file, options);
      return whole(file, [error(file, { rule: "document", message: `This is ${found.title}, and not a capability` })]);
  }
}

function whole(file: string, findings: readonly Diagnostic[]): FileFindings {
  return { file, findings, ignored: 0, fixed: [] };
}

async function configurationFindings(file: string): Promise<readonly Diagnostic[]> {
  const { readOverlays } = await import("../../language/overlays/load-overlays.ts");
  try {
    (await readOverlays(file)).requireRules(switchProblem);
    return [];
  } catch (cause) {
    if (!isCapabilityError(cause, "CONFIG_INVALID")) throw cause;
    const { diagnostics } = cause.details;
    if (diagnostics.length === 0) return [error(file, { rule: "configuration", message: cause.message })];
    return diagnostics.map(found => (found.rule === "yaml" ? found : { ...found, rule: "configuration" }));
  }
}

async function recordingFindings(file: string): Promise<readonly Diagnostic[]> {
  const { readCassette } = await import("../../net/cassette/cassette-file.ts");
  try {
    await readCassette(file);
    return [];
  } catch (cause) {
    if (!(cause instanceof CapabilityError)) throw cause;
    return [error(file, { rule: "recording", message: cause.message })];
  }
}

function error(file: string, { rule, message }: Pick<Diagnostic, "rule" | "message">): Diagnostic {
  return { severity: "error", rule, message, pointer: "", source: { file, line: 1, column: 1, text: "" } };
}
