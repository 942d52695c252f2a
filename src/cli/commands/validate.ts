import path from "node:path";
import { compile } from "../../capability/compile.ts";
import { impliedCredentialNotes } from "../../capability/notes.ts";
import type { CapabilityDocument } from "../../document/document-types.ts";
import { readDocument } from "../../document/read-document.ts";
import { resolveDocument } from "../../document/resolve-document.ts";
import { type Diagnostic, isCapabilityError } from "../../error/capability-error.ts";
import { SecretMask } from "../../error/mask-secrets.ts";
import { visibleText } from "../../error/visible-text.ts";
import type { OverlaidCapability } from "../../overlay-capability.ts";
import type { ResolvedOverlay } from "../../overlays/resolved-overlay.ts";
import { locateDiagnostics, validate as validateDocument } from "../../validation/validate.ts";
import type { CommandContext } from "../command-context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { findFiles } from "../find-files.ts";
import { formatDiagnostic } from "../format-error.ts";
import { type ConfigOptions, readConfig } from "../read-config.ts";
import { styleFor } from "../style.ts";

export type ValidateFormat = "text" | "json" | "github";

export const VALIDATE_FORMATS: readonly ValidateFormat[] = ["text", "json", "github"];

export interface ValidateOptions extends ConfigOptions {
  /** Files, and folders that are searched with everything below them. */
  readonly paths: readonly string[];
  /** Folders that files may import from, besides their own and the given ones. */
  readonly importRoots: readonly string[];
  readonly format: ValidateFormat;
  /** Leave out findings that are only worth knowing. */
  readonly quiet: boolean;
  readonly noColor: boolean;
}

/** `naftiko validate <file|folder>…`: every finding of every file. */
export async function validate(options: ValidateOptions, context: CommandContext): Promise<ExitCode> {
  const files = await findFiles(options.paths, context.cwd, "validate");
  // What is validated together may belong together.
  const importRoots = [...options.importRoots, ...options.paths].map(given =>
    path.resolve(context.cwd, given),
  );
  const overlays = await readConfig(options, context);
  const overlayFor = (capability: string) => overlays?.for({ capability, profile: options.profile });
  const reported: Diagnostic[] = [];
  const style = styleFor(context.stdout, context.env, options.noColor);
  let errors = 0;
  for (const { file } of files) {
    const found = (await diagnose(file, importRoots, overlayFor)).filter(
      ({ severity }) => !options.quiet || severity === "error",
    );
    errors += found.filter(({ severity }) => severity === "error").length;
    if (options.format === "json") reported.push(...found);
    else if (options.format === "github")
      for (const diagnostic of found) context.stdout.write(githubCommand(diagnostic, file));
    else for (const diagnostic of found) context.stdout.write(`${formatDiagnostic(diagnostic, style)}\n`);
  }
  if (options.format === "json") {
    context.stdout.write(
      `${JSON.stringify({ files: files.length, errors, diagnostics: reported }, undefined, 2)}\n`,
    );
  } else if (options.format === "text") {
    context.stdout.write(
      `${files.length} file${files.length === 1 ? "" : "s"}, ${errors} error${errors === 1 ? "" : "s"}\n`,
    );
  }
  return errors > 0 ? exitCode.capability : exitCode.done;
}

async function diagnose(
  file: string,
  importRoots: readonly string[],
  overlayFor: (capability: string) => ResolvedOverlay | undefined,
): Promise<readonly Diagnostic[]> {
  try {
    const document = await resolveDocument(await readDocument(file), { importRoots });
    const result = await validateDocument(document);
    if (!result.ok) return await locateDiagnostics(document, result.diagnostics);
    const { name } = document.source;
    const { model, findings } = await compileWith(overlayFor(name), name, result.document);
    const notes = impliedCredentialNotes(model);
    return [...(await locateDiagnostics(document, [...result.diagnostics, ...notes])), ...findings];
  } catch (error) {
    if (isCapabilityError(error, "CAPABILITY_INVALID")) return error.details.diagnostics;
    const { message } = error as Error;
    return [
      {
        severity: "error",
        rule: "document",
        message,
        pointer: "",
        source: { file, line: 1, column: 1, text: "" },
      },
    ];
  }
}

async function compileWith(
  overlay: ResolvedOverlay | undefined,
  name: string,
  document: CapabilityDocument,
): Promise<OverlaidCapability> {
  const options = { impliedAuthentication: true };
  if (overlay === undefined) return { model: compile(name, document, options), findings: [] };
  const { overlayCapability } = await import("../../overlay-capability.ts");
  return overlayCapability(name, document, { ...options, overlay }, new SecretMask());
}

/** A workflow command that puts the finding on the line of a pull request. */
function githubCommand({ severity, message, rule, source }: Diagnostic, file: string): string {
  const level = severity === "error" ? "error" : severity === "warning" ? "warning" : "notice";
  const place = [
    `file=${escapeProperty(source?.file ?? file)}`,
    `line=${source?.line ?? 1}`,
    `col=${source?.column ?? 1}`,
    `title=${escapeProperty(rule)}`,
  ];
  return `::${level} ${place.join(",")}::${escapeData(visibleText(message))}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
