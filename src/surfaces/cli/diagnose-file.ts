import { type Diagnostic, isCapabilityError, type Severity } from "../../base/capability-error.ts";
import { isJsonObject } from "../../base/json-object.ts";
import { SecretMask } from "../../base/mask-secrets.ts";
import { kinds } from "../../engine/kinds.ts";
import type { OverlaidCapability } from "../../engine/overlay-capability.ts";
import type { Document } from "../../language/document/document.ts";
import type { CapabilityDocument } from "../../language/document/document-types.ts";
import { readDocument } from "../../language/document/read-document.ts";
import { resolveDocument } from "../../language/document/resolve-document.ts";
import { type MemberPart, sourcePositions } from "../../language/document/source-positions.ts";
import { compile } from "../../language/model/compile.ts";
import { impliedCredentialNotes } from "../../language/model/notes.ts";
import { templateFindings } from "../../language/model/template-findings.ts";
import type { ResolvedOverlay } from "../../language/overlays/resolved-overlay.ts";
import { findBindReferences } from "../../language/validation/bind-references.ts";
import { checkExposed } from "../../language/validation/check-exposed.ts";
import type { Fix } from "../../language/validation/fixes/fix-text.ts";
import { findIgnoredKeys } from "../../language/validation/ignored-keys.ts";
import { literalFindings } from "../../language/validation/literal-findings.ts";
import type { DepartureRule } from "../../language/validation/published/departure.ts";
import { findDepartures } from "../../language/validation/published/find-departures.ts";
import {
  inFileOrder,
  locateDiagnostics,
  tooDeep,
  validate as validateDocument,
} from "../../language/validation/validate.ts";
import { withoutLiterals } from "../../language/validation/without-literals.ts";
import { withoutAnswered } from "./answered-findings.ts";
import { FixError, fixFile } from "./fix-file.ts";
import { type SwitchedOff, withoutIgnored } from "./ignored-findings.ts";

export interface FileFindings {
  /** Absolute path. */
  readonly file: string;
  /** In file order. */
  readonly findings: readonly Diagnostic[];
  /** Number of findings that are switched off. */
  readonly ignored: number;
  /** Mended places, as they were in the text before. */
  readonly fixed: readonly Diagnostic[];
}

export interface DiagnoseOptions extends RunOptions {
  /** Mend what can be mended, where the file can run. */
  readonly fix: boolean;
  readonly switchedOff: SwitchedOff;
}

/** Options that decide how a file runs. */
interface RunOptions {
  /** Folders that the file may import from, besides its own. */
  readonly importRoots: readonly string[];
  /** Returns the overlay of the configuration for a capability. */
  readonly overlayFor: (capability: string) => ResolvedOverlay | undefined;
}

/**
 * Returns every finding of a file: errors that keep it from running, and departures from the published specification.
 */
export async function diagnoseFile(file: string, options: DiagnoseOptions): Promise<FileFindings> {
  try {
    const document = await readDocument(file);
    const { shown, ignored } = await findingsOf(document, file, options);
    const found = { file, findings: shown, ignored: ignored.length, fixed: [] };
    if (!options.fix || shown.some(({ severity }) => severity === "error")) return found;
    return await fixAndDiagnose(document, found, ignored, options);
  } catch (error) {
    return { file, findings: asErrors(error, file), ignored: 0, fixed: [] };
  }
}

async function fixAndDiagnose(
  document: Document,
  found: FileFindings,
  ignored: readonly Diagnostic[],
  options: DiagnoseOptions,
): Promise<FileFindings> {
  const { file, findings } = found;
  const rules = options.switchedOff(file);
  const places = new Set(ignored.map(({ rule, pointer }) => `${rule} ${pointer}`));
  try {
    const fixes = await fixFile(file, (rule, pointer) => !rules.has(rule) && !places.has(`${rule} ${pointer}`));
    if (fixes.length === 0) return found;
    const left = await findingsOf(await readDocument(file), file, options);
    const fixed = await locateFixes(document, fixes);
    return { file, findings: left.shown, ignored: left.ignored.length, fixed };
  } catch (error) {
    if (!(error instanceof FixError)) throw error;
    return { ...found, findings: [...asErrors(error, file), ...findings] };
  }
}

async function findingsOf(document: Document, file: string, options: DiagnoseOptions) {
  const { shown, ignored } = await withoutIgnored(await allFindings(document, options), {
    file,
    text: document.text ?? "",
    switchedOff: options.switchedOff,
  });
  return { shown: inFileOrder(withoutLiterals(shown, document.value), file), ignored };
}

async function allFindings(document: Document, options: RunOptions): Promise<Diagnostic[]> {
  const own = await runFindings(document, options);
  const departures = await departuresOf(document, own);
  const places = new Set(departures.map(({ pointer }) => pointer));
  // A value that is read in another way than it is written departs there too, which says more, unless it is ignored.
  const kept = own.filter(
    ({ rule, severity, pointer }) => severity !== "departure" || !SAID_BY_DEPARTURES.has(rule) || !places.has(pointer),
  );
  const ignored = new Set(kept.filter(({ rule }) => rule === "lenient-reading").map(({ pointer }) => pointer));
  return [...kept, ...departures.filter(({ pointer }) => !ignored.has(pointer))];
}

const SAID_BY_DEPARTURES: ReadonlySet<string> = new Set(["version", "lenient-reading"]);

/** Returns the findings about calls. */
async function runFindings(document: Document, { importRoots, overlayFor }: RunOptions): Promise<Diagnostic[]> {
  try {
    const resolved = await resolveDocument(document, { importRoots });
    const result = await validateDocument(resolved, kinds);
    const compiled = result.ok
      ? await compileWith(overlayFor(document.name), document.name, result.document)
      : undefined;
    const found =
      compiled === undefined || !result.ok
        ? result.diagnostics
        : [
            ...withoutAnswered(result.diagnostics, compiled.model, result.document),
            ...impliedCredentialNotes(compiled.model),
            ...templateFindings(compiled.model, result.document),
            ...checkExposed(result.document),
            ...literalFindings(result.document),
          ];
    const located = await locateDiagnostics(resolved, found);
    return [...located, ...(compiled?.findings ?? [])];
  } catch (error) {
    return [...asErrors(error, document.file ?? document.name)];
  }
}

async function compileWith(
  overlay: ResolvedOverlay | undefined,
  name: string,
  document: CapabilityDocument,
): Promise<OverlaidCapability> {
  const options = { kinds, impliedAuthentication: true };
  if (overlay === undefined) return { model: compile(name, document, options), findings: [] };
  const { overlayCapability } = await import("../../engine/overlay-capability.ts");
  return overlayCapability(name, document, { ...options, overlay }, new SecretMask());
}

/** The rules whose findings are about a key. */
const ABOUT_KEYS: ReadonlySet<string> = new Set<DepartureRule>(["unknown-key", "exclusive-keys"]);

function partAbout(rule: string): MemberPart {
  return ABOUT_KEYS.has(rule) ? "key" : "value";
}

/**
 * Returns the departures from the published specification and the references in old forms, without those that are
 * errors already.
 */
async function departuresOf(document: Document, own: readonly Diagnostic[]): Promise<Diagnostic[]> {
  const { value } = document;
  const isCapability = isJsonObject(value) && ["naftiko", "ikanos"].some(key => Object.hasOwn(value, key));
  if (!isCapability || tooDeep(value) !== undefined) return [];
  const positions = await sourcePositions(document);
  const errors = own.filter(({ severity }) => severity === "error");
  const wrong = new Set(errors.map(({ pointer }) => pointer));
  const said = new Set(errors.map(({ pointer, message }) => `${pointer} ${message}`));
  const found: Diagnostic[] = [];
  const report = (severity: Severity, rule: string, pointer: string, message: string) => {
    const source = positions.find(pointer, partAbout(rule));
    found.push({ severity, rule, message, pointer, source });
  };
  const ignored = findIgnoredKeys(value, kinds);
  for (const { pointer, message } of ignored) report("warning", "unknown-key", pointer, message);
  // A key that is ignored departs too, which says less.
  const skipped = new Set(ignored.map(({ pointer }) => pointer));
  for (const { rule, pointer, message } of await findDepartures(value)) {
    if (skipped.has(pointer)) continue;
    // A value that cannot be used is one finding; that keys are missing may be several at one place.
    const isSaid =
      rule === "missing-key" || rule === "unknown-key" ? said.has(`${pointer} ${message}`) : wrong.has(pointer);
    if (!isSaid) report("departure", rule, pointer, message);
  }
  if (errors.length === 0) {
    for (const { pointer, message } of findBindReferences(value))
      report("departure", "bind-reference", pointer, message);
  }
  return found;
}

async function locateFixes(document: Document, fixes: readonly Fix[]): Promise<Diagnostic[]> {
  const positions = await sourcePositions(document);
  const located = fixes.map(({ rule, pointer, message }): Diagnostic => {
    const source = positions.find(pointer, partAbout(rule));
    return { severity: "info", rule, message, pointer, source };
  });
  return withoutLiterals(located, document.value);
}

function asErrors(error: unknown, file: string): readonly Diagnostic[] {
  if (isCapabilityError(error, "CAPABILITY_INVALID")) return error.details.diagnostics;
  const { message } = error as Error;
  const source = { file, line: 1, column: 1, text: "" };
  return [{ severity: "error", rule: "document", message, pointer: "", source }];
}
