import { standInSource } from "../../binds/bind-source.ts";
import { impliedCredentialNote } from "../../capability/notes.ts";
import type { Operation } from "../../capability/types.ts";
import type { Capability } from "../../capability.ts";
import { capabilityFolders } from "../../capability-folders.ts";
import type { Document } from "../../document/document.ts";
import { locate } from "../../document/locate.ts";
import { readDocument } from "../../document/read-document.ts";
import { SecretMask } from "../../error/mask-secrets.ts";
import { type OpenOptions, openDocument } from "../../open-capability.ts";
import { createNodeHttpTransport } from "../../transport/node-http.ts";
import type { CommandContext } from "../command-context.ts";
import { readEnvironment } from "../environment.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { formatRequest, logTransport, requestJson } from "../format-request.ts";
import { parseRunArguments, type RunArguments, USAGE } from "../parse-run-arguments.ts";
import { readBaseUris } from "../read-base-uris.ts";
import { readInputs } from "../read-inputs.ts";
import { runOptions } from "../run-options.ts";
import { usageError } from "../usage-error.ts";
import { checkSelect, writeJson, writeResult } from "../write-result.ts";

/** `naftiko run <capability> <operation>`: calls one operation and prints its outputs. */
export async function run(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  const parsed = parseRunArguments(args);
  if (parsed.capability === undefined) {
    if (!parsed.help) throw usageError("No capability given; `naftiko list` shows them", USAGE);
    const { program } = await import("../program.ts");
    return program(["run", "--help"], context);
  }
  if (parsed.select !== undefined) checkSelect(parsed.select);
  const env = await readEnvironment(parsed.envFiles, context);
  const dirs = capabilityFolders(parsed.dirs, env);
  const document = await readDocument(await locate(parsed.capability, { dirs, cwd: context.cwd }));
  const baseUri = readBaseUris(parsed.baseUris);
  const secrets = new SecretMask();
  const transport = createNodeHttpTransport();
  const options: OpenOptions = {
    env,
    transport: parsed.verbose ? logTransport(transport, secrets, context) : transport,
    impliedAuthentication: parsed.impliedAuthentication,
    ...(baseUri === undefined ? {} : { baseUri }),
    ...(parsed.timeoutMs === undefined ? {} : { timeoutMs: parsed.timeoutMs }),
    ...(parsed.retries === undefined ? {} : { retries: parsed.retries }),
  };
  const capability = await openDocument(document, options, { secrets });
  checkNamespaces(capability, Object.keys(baseUri ?? {}));
  if (parsed.help) {
    const { showHelp } = await import("../help.ts");
    showHelp(capability, parsed.capability, parsed.operation, context);
    return exitCode.done;
  }
  if (parsed.operation === undefined) {
    const { formatOperations } = await import("../help.ts");
    throw usageError(
      `No operation given for ${capability.name}; its operations are:\n${formatOperations(capability)}`,
      USAGE,
    );
  }
  const operation = capability.findOperation(parsed.operation);
  warnOfOptionsNamedLikeInputs(operation, parsed, context);
  if (!parsed.mock) return call(capability, operation, parsed, context);
  return callSandbox({ capability, document, options, operation, parsed, context });
}

interface SandboxCall {
  readonly capability: Capability;
  readonly document: Document;
  readonly options: OpenOptions;
  readonly operation: Operation;
  readonly parsed: RunArguments;
  readonly context: CommandContext;
}

/** The same call, with real HTTP, against a sandbox that lives as long as the call. */
async function callSandbox({
  capability,
  document,
  options,
  operation,
  parsed,
  context,
}: SandboxCall): Promise<ExitCode> {
  const { startSandbox } = await import("../../mock/sandbox.ts");
  const sandbox = await startSandbox({ capabilities: [capability.parts.model] });
  try {
    const standIns = standInSource();
    const { secrets } = capability.parts;
    const baseUri = Object.fromEntries(sandbox.baseUris);
    const inSandbox = await openDocument(document, { ...options, baseUri }, { secrets, sources: [standIns] });
    note(
      context,
      parsed,
      `sandbox: talking to ${sandbox.url} in this process, not to ${operation.adapter.baseUri.text || "the API"}`,
    );
    const code = await call(inSandbox, inSandbox.findOperation(operation.reference), parsed, context, () => {
      if (standIns.used.size > 0) {
        note(context, parsed, `sandbox: ${[...standIns.used].join(", ")} not set; a stand-in value is sent`);
      }
    });
    return code;
  } finally {
    await sandbox.close();
  }
}

async function call(
  capability: Capability,
  operation: Operation,
  parsed: RunArguments,
  context: CommandContext,
  beforeResult: () => void = () => {},
): Promise<ExitCode> {
  const { signal, stdout } = context;
  const inputs = await readInputs(operation, parsed, context);
  const { reference } = operation;
  if (parsed.dryRun) {
    const request = await capability.prepare(reference, inputs);
    beforeResult();
    const implied = impliedCredentialNote(operation.adapter);
    if (implied !== undefined && "authorization" in request.headers)
      note(context, parsed, `note: ${implied}`);
    const { secrets } = capability.parts;
    if (parsed.output === "json") writeJson(requestJson(request, secrets), stdout);
    else stdout.write(`${formatRequest(request, secrets)}\n`);
  } else if (parsed.output === "raw") {
    const { body } = await capability.exchange(reference, inputs, { signal });
    beforeResult();
    stdout.write(body);
  } else {
    const { outputs } = await capability.run(reference, inputs, { signal });
    beforeResult();
    await writeResult(outputs, parsed, context);
  }
  return exitCode.done;
}

function checkNamespaces(capability: Capability, namespaces: readonly string[]): void {
  const known = capability.parts.model.adapters.map(adapter => adapter.namespace);
  for (const namespace of namespaces) {
    if (namespace === "*" || known.includes(namespace)) continue;
    throw usageError(
      `Cannot use --base-uri ${namespace}=…: ${capability.name} consumes ${known.join(", ") || "nothing"}`,
    );
  }
}

function warnOfOptionsNamedLikeInputs(
  operation: Operation,
  parsed: RunArguments,
  context: CommandContext,
): void {
  for (const name of Object.keys(runOptions)) {
    if (!parsed.used.has(name) || !operation.inputs.has(name)) continue;
    note(
      context,
      parsed,
      `warning: --${name} is an option of run here; for the input of that name write -i ${name}=…`,
    );
  }
}

function note({ stderr }: CommandContext, { quiet }: RunArguments, text: string): void {
  if (!quiet) stderr.write(`${text}\n`);
}
