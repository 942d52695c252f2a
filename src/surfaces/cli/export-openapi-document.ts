import { countOf } from "../../base/count-of.ts";
import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { getOrSet } from "../../base/get-or-set.ts";
import { stringify } from "../../base/numbers/exact-json.ts";
import { yamlText } from "../../base/yaml-text.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import type { Runtime } from "../../engine/runtime.ts";
import type { CapabilityDocument } from "../../language/document/document-types.ts";
import type { RestAdapter } from "../../language/model/exposed/types.ts";
import type { Adapter } from "../../language/model/types.ts";
import { exportExposed } from "../../language/openapi/export-exposed.ts";
import { type ExportFinding, exportOpenApi, type OpenApiExport } from "../../language/openapi/export-openapi.ts";
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
  /** Write what the capability serves, and not what it consumes. */
  readonly exposed: boolean;
  /** Print no warnings. */
  readonly quiet: boolean;
}

/** Runs `naftiko export openapi <capability>`. The file is written as it is, without the overlays of a configuration. */
export async function exportOpenApiDocument(options: ExportOptions, context: CommandContext): Promise<ExitCode> {
  const { capability, out = "-" } = options;
  const bindValues = readBindValues([], context);
  const open = { ...options.open, env: context.env };
  const runtime = await openWritten(capability, open, { bindValues, overlays: undefined }, context);
  const { document, findings } = exportedDocument(runtime, options);
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

/** Writes the server that is wanted, or else what the capability consumes. */
function exportedDocument(runtime: Runtime, options: ExportOptions): OpenApiExport {
  const { model } = runtime;
  const { version } = options;
  const document = runtime.document.value as CapabilityDocument;
  const server = chosenServer(runtime, options);
  if (server !== undefined) return { document: exportExposed(server, { model, document, version }), findings: [] };
  return exportOpenApi(model, document, version, chosenAdapters(runtime, options.adapter));
}

/**
 * Returns the REST adapter to write: one that is named, or the only one. `undefined`: what is consumed is written.
 *
 * @throws CapabilityError `USAGE` if several are possible, or none
 */
function chosenServer(
  runtime: Runtime,
  { adapter: namespace, exposed }: Pick<ExportOptions, "adapter" | "exposed">,
): RestAdapter | undefined {
  const { model } = runtime;
  const isConsumed =
    namespace === undefined ? model.operations.length > 0 : model.adapters.some(found => found.namespace === namespace);
  if (isConsumed && !exposed) return undefined;
  const servers = runtime.exposed.adapters.filter(adapter => adapter.type === "rest");
  const known = servers.map(server => server.namespace);
  if (namespace !== undefined) {
    const server = servers.find(found => found.namespace === namespace);
    if (server !== undefined || !exposed) return server;
    throw usageError(
      `Cannot use --adapter ${JSON.stringify(namespace)}: ${model.name} exposes ${known.join(", ") || "nothing"} by REST${didYouMean(suggest(namespace, known))}`,
    );
  }
  const [only, ...others] = servers;
  if (others.length > 0)
    throw usageError(`${model.name} exposes ${known.join(", ")} by REST: choose one with --adapter NAMESPACE`);
  if (only === undefined && exposed)
    throw usageError(`Cannot export what ${model.name} serves: it exposes nothing by REST`);
  return only;
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
