import { standInSource } from "../../engine/binds/bind-source.ts";
import { withheldCommands } from "../../engine/binds/exec/withheld-commands.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import { withAdded } from "../../engine/request/added-fields.ts";
import type { Runtime } from "../../engine/runtime.ts";
import { isUnit } from "../../language/model/exposed/resolved-work.ts";
import type { Unit } from "../../language/model/exposed/types.ts";
import type { Operation } from "../../language/model/types.ts";
import type { LoadedOverlays } from "../../language/overlays/load-overlays.ts";
import type { ExchangeEvent } from "../../net/layers/exchange-event.ts";
import type { Transport } from "../../net/transport.ts";
import { createNodeHttpTransport } from "../../net/wire/node-http.ts";
import { AdvisedError } from "./advised-error.ts";
import type { Call } from "./call.ts";
import { callOperation } from "./call-operation.ts";
import type { CommandCache } from "./command-cache.ts";
import type { CommandContext } from "./command-context.ts";
import { rememberCredentials } from "./credential-headers.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { mayAsk, withMissing } from "./missing-inputs.ts";
import { createNotes, type Notes, noteRetry } from "./notes.ts";
import { openWritten } from "./open-named.ts";
import { parseRunArguments, type RunArguments } from "./parse-run-arguments.ts";
import { readBaseUris } from "./read-base-uris.ts";
import { readBindValues } from "./read-bind-values.ts";
import { readConfig } from "./read-config.ts";
import { readInputs } from "./read-inputs.ts";
import { isRunOption, USAGE } from "./run-options.ts";
import { showForms } from "./show/show-forms.ts";
import type { Trace } from "./trace.ts";
import { usageError } from "./usage-error.ts";
import { parseSelect } from "./write-result.ts";

/** Runs `naftiko run <capability> <operation>`: calls one operation and prints its outputs. */
export async function run(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  const parsed = parseRunArguments(args);
  if (parsed.capability === undefined) {
    if (!parsed.help) throw usageError("No capability given; `naftiko list` shows them", USAGE);
    const { program } = await import("./program.ts");
    return program(["run", "--help"], context);
  }
  if (parsed.select !== undefined) parseSelect(parsed.select);
  if (parsed.until !== undefined) {
    const { checkUntil } = await import("./call-until.ts");
    checkUntil(parsed.until);
  }
  const { secrets } = context;
  const notes = createNotes(context, parsed);
  const trace = await traceOf(parsed, context);
  try {
    const calling = callOne(parsed.capability, parsed, { context, notes, trace });
    return trace === undefined ? await calling : await traced(calling, trace, notes);
  } catch (error) {
    // Errors of a call are masked; faults, advice and what fails before a call are not yet.
    throw secrets.error(error);
  }
}

/** Finishes the trace of a call. Why the call failed says more than that its trace is lost. */
async function traced(calling: Promise<ExitCode>, trace: Trace, notes: Notes): Promise<ExitCode> {
  let code: ExitCode;
  try {
    code = await calling;
  } catch (error) {
    await trace.finish(notes).catch((failure: Error) => notes.add(`warning: ${failure.message}`));
    throw error;
  }
  await trace.finish(notes);
  notes.flush();
  return code;
}

/** Surroundings of a call, and what follows it. */
interface CallSurroundings {
  readonly context: CommandContext;
  readonly notes: Notes;
  readonly trace: Trace | undefined;
}

async function callOne(
  written: string,
  parsed: RunArguments,
  { context, notes, trace }: CallSurroundings,
): Promise<ExitCode> {
  const { env, secrets } = context;
  const bindValues = readBindValues(parsed.envFiles, context);
  const overlays = await readConfig(parsed, context);
  const baseUri = readBaseUris(parsed.baseUris);
  const wire = rememberCredentials(createNodeHttpTransport(), secrets, (header, host) => {
    // A credential that naftiko adds is refused; a caller's own header is up to the caller.
    if (!parsed.open.allowInsecureAuthentication) notes.add(`warning: ${header} goes over plain http to ${host}`);
  });
  const transport = await withCassette(wire, parsed, context);
  const warn = (message: string) => notes.add(`warning: ${message}`);
  const { overlaidCache, ...cache } = await cacheOf(parsed, overlays, context, warn);
  const options: OpenOptions = {
    ...parsed.open,
    ...(await connectionOptions(parsed, context)),
    ...cache,
    env,
    baseUri,
    transport,
    onEvent: trace?.onEvent,
  };
  // Recorded calls need no secrets, and so no store of them.
  const sources = parsed.cassette?.mode === "replay" ? [standInSource()] : undefined;
  const withheld = parsed.dryRun === undefined ? undefined : withheldCommands();
  const firstSources = withheld === undefined ? [] : [withheld];
  // With --verbose the trace says so.
  const observe = (event: ExchangeEvent) => {
    if (!parsed.verbose) noteRetry(event, notes);
  };
  const onHidden = notes.add;
  const parts = { overlays, bindValues, overlaidCache, observe, firstSources, onHidden, sources };
  const capability = await openWritten(written, options, parts, context);
  const isOverlaid = overlays !== undefined;
  let operation: Operation | undefined;
  let unit: Unit | undefined;
  try {
    const { operation: reference } = parsed;
    const found =
      reference === undefined ? undefined : await capability.perform(async () => capability.findCallable(reference));
    if (parsed.help) {
      const { showHelp } = await import("./help.ts");
      await showHelp(capability, { written, reference: parsed.operation }, found, context);
      return exitCode.done;
    }
    if (parsed.open.policy !== undefined) await notePatterns(capability, notes);
    if (found !== undefined && parsed.dryRun !== undefined) notePermission(capability, found, notes);
    if (found !== undefined && isUnit(found)) {
      unit = found;
      const { callUnit } = await import("./units/call-unit.ts");
      const reference = parsed.operation ?? unit.reference;
      await callUnit({ capability, unit, reference, parsed, context, notes, isOverlaid, withheld, trace });
      return exitCode.done;
    }
    operation = found;
    if (operation === undefined) throw usageError(`No operation given for ${capability.name}`, USAGE);
    for (const name of parsed.used) {
      if (!isRunOption(name) || !operation.inputs.has(name)) continue;
      notes.add(`warning: --${name} is an option of run here; for the input of that name write -i ${name}=…`);
    }
    const asks = mayAsk(capability, operation, parsed);
    operation = withAdded(operation, parsed.call);
    const given = await readInputs(operation, parsed, context);
    const inputs = asks ? await withMissing(operation, given, context) : given;
    const call: Call = { capability, operation, inputs, parsed, context, notes, isOverlaid, withheld };
    if (parsed.mock) {
      const { callSandbox } = await import("./call-sandbox.ts");
      await callSandbox(call);
    } else if (parsed.dryRun !== undefined && (parsed.showSecrets || !showForms[parsed.dryRun].isPlain)) {
      const { showCall } = await import("./show/show-call.ts");
      await showCall(call, parsed.dryRun);
    } else {
      await callOperation(call);
    }
    return exitCode.done;
  } catch (error) {
    const { adviceOn } = await import("./advice.ts");
    throw new AdvisedError(error, adviceOn(error, { capability, written, operation, unit }));
  }
}

/** Warns of patterns of the command line that name nothing: a slip of the pen in `--deny` would deny nothing. */
async function notePatterns(capability: Runtime, notes: Notes): Promise<void> {
  const { policyWarnings } = await import("../../engine/policy-warnings.ts");
  for (const text of policyWarnings([capability])) notes.add(`warning: ${text}`);
}

/** Notes what the policy would say of a call that is only shown. */
function notePermission(capability: Runtime, called: Operation | Unit, notes: Notes): void {
  const note = capability.policyNote(called);
  if (note !== undefined) notes.add(`note: ${note}`);
}

/** Returns the cache of a call. By default there is none. */
async function cacheOf(
  parsed: RunArguments,
  overlays: LoadedOverlays | undefined,
  context: CommandContext,
  warn: (message: string) => void,
): Promise<Partial<CommandCache>> {
  if (parsed.cache === undefined && overlays === undefined) return {};
  const { commandCache } = await import("./command-cache.ts");
  return commandCache(parsed, context, warn);
}

async function connectionOptions(
  parsed: RunArguments,
  { cwd }: CommandContext,
): Promise<Pick<OpenOptions, "certificateAuthority">> {
  if ((parsed.open.allowHosts ?? parsed.caCert) === undefined) return {};
  const { connectionArguments } = await import("./connection-arguments.ts");
  return connectionArguments(parsed, cwd);
}

async function traceOf(parsed: RunArguments, context: CommandContext): Promise<Trace | undefined> {
  if (parsed.help || !(parsed.verbose || parsed.trace || parsed.traceHar !== undefined)) return undefined;
  const { openTrace } = await import("./trace.ts");
  return openTrace(parsed, context);
}

async function withCassette(
  wire: Transport,
  { cassette }: RunArguments,
  { cwd, secrets }: CommandContext,
): Promise<Transport> {
  if (cassette === undefined) return wire;
  const { cassetteTransport } = await import("./cassette-transport.ts");
  return cassetteTransport(cassette, wire, secrets, cwd);
}
