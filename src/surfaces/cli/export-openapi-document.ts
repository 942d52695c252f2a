import { countOf } from "../../base/count-of.ts";
import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { getOrSet } from "../../base/get-or-set.ts";
import { stringify } from "../../base/numbers/exact-json.ts";
import { yamlText } from "../../base/yaml-text.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import type { Runtime } from "../../engine/runtime.ts";
import type { Adapter } from "../../language/model/types.ts";
import { type ExportFinding, exportOpenApi } from "../../language/openapi/export-openapi.ts";
import type { SpecVersion } from "../../language/openapi/exported-schemas.ts";
import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { openWritten } from "./open-named.ts";
import { writeOutFile } from "./out-file.ts";
import { printData, printLines } from "./printed-text.ts";
import { readBindValues } from "./read-bind-values.ts";
import { usageError } from "./usage-error.ts";

interface ExportOptions {
  readonly capability: string;
  readonly open: OpenOptions;
  /** File to write. Absent or `-`: the document is printed. */
  readonly out: string | undefined;
  readonly form: "yaml" | "json" | undefined;
  readonly version: SpecVersion;
  /** Namespace of the one adapter to write. */
  readonly adapter: string | undefined;
  /** Print no warnings. */
  readonly quiet: boolean;
}

/** Runs `naftiko export openapi <capability>`. The file is written as it is, without the overlays of a configuration. */
export async function exportOpenApiDocument(options: ExportOptions, context: CommandContext): Promise<ExitCode> {
  const { capability, out = "-", version } = options;
  const bindValues = readBindValues([], context);
  const open = { ...options.open, env: context.env };
  const runtime = await openWritten(capability, open, { bindValues, overlays: undefined }, context);
  const adapters = chosenAdapters(runtime, options.adapter);
  const { document, findings } = exportOpenApi(runtime.model, runtime.document.value as never, version, adapters);
  const form = options.form ?? (/\.json$/i.test(out) ? "json" : "yaml");
  const text = form === "yaml" ? yamlText(document) : `${stringify(document, 2)}\n`;
  if (!options.quiet) context.stderr.write(printLines(findingLines(findings)));
  if (out === "-") {
    context.stdout.write(printData(text, context.stdout));
    return exitCode.done;
  }
  await writeOutFile(out, text, context.cwd);
  context.stderr.write(printLines([`${out} is written`]));
  return exitCode.done;
}

/**
 * Returns the adapters to write.
 *
 * @throws CapabilityError `USAGE` for a namespace that is none, and where there is no operation
 */
function chosenAdapters({ model }: Runtime, namespace: string | undefined): readonly Adapter[] {
  const known = model.adapters.map(adapter => adapter.namespace);
  const chosen =
    namespace === undefined ? model.adapters : model.adapters.filter(found => found.namespace === namespace);
  if (namespace !== undefined && chosen.length === 0) {
    throw usageError(
      `Cannot use --adapter ${JSON.stringify(namespace)}: ${model.name} consumes ${known.join(", ") || "nothing"}${didYouMean(suggest(namespace, known))}`,
    );
  }
  if (model.operations.some(({ adapter }) => chosen.includes(adapter))) return chosen;
  throw usageError(`Cannot export ${namespace ?? model.name}: it consumes no operation that a document could hold`);
}

/** Most operations that one line names. */
const MOST_NAMED = 3;

/** Returns a line for each kind of finding. */
function findingLines(findings: readonly ExportFinding[]): string[] {
  const byMessage = new Map<string, ExportFinding[]>();
  for (const found of findings) getOrSet(byMessage, found.message, () => []).push(found);
  return [...byMessage].map(([message, found]) => {
    const names = found.slice(0, MOST_NAMED).map(({ operation }) => operation);
    const others = found.length > MOST_NAMED ? ` and ${countOf(found.length - MOST_NAMED, "other operation")}` : "";
    return `warning: ${names.join(", ")}${others}: ${message}`;
  });
}
