import { countOf } from "../../base/count-of.ts";
import { capabilityOfCalls } from "../../language/calls/capability-of-calls.ts";
import type { SeenCall } from "../../language/calls/curl-call.ts";
import { readHar } from "../../language/calls/har-calls.ts";
import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { printLines } from "./printed-text.ts";
import { usageError } from "./usage-error.ts";
import { writeImported } from "./write-imported.ts";

interface HarOptions {
  /** Path of the archive. */
  readonly source: string;
  readonly out: string | undefined;
  readonly namespace: string | undefined;
  readonly format: "json" | "yaml" | undefined;
  readonly force: boolean;
  readonly quiet: boolean;
}

/** Largest archive that is read, in bytes. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Runs `naftiko import har <file>`: makes a capability of the calls to each host that an HTTP Archive has. */
export async function importHar(options: HarOptions, context: CommandContext): Promise<ExitCode> {
  const { source, out, namespace } = options;
  const { calls, skipped } = await read(source, context);
  const groups = new Map<string, [SeenCall, ...SeenCall[]]>();
  for (const call of calls) {
    const { origin } = new URL(call.url);
    const group = groups.get(origin);
    if (group === undefined) groups.set(origin, [call]);
    else group.push(call);
  }
  if (groups.size === 0) throw usageError(`Cannot import ${source}: it has no call of an API that succeeded`);
  if (groups.size > 1 && namespace !== undefined)
    throw usageError(
      `Option --namespace names one API, and ${source} has calls to ${groups.size}: ${[...groups.keys()].join(", ")}`,
    );
  if (groups.size > 1 && (out === undefined || out === "-"))
    throw usageError(`${source} has calls to ${groups.size} APIs: name a folder for their files`, "--out FOLDER");
  const capabilities = distinct([...groups.values()].map(group => capabilityOfCalls(group, { namespace })));
  const lines = await writeImported(capabilities, { ...options, isSplit: groups.size > 1 }, context);
  if (options.quiet) return exitCode.done;
  const variables = [...new Set(capabilities.flatMap(capability => capability.variables))];
  const notes = [
    ...(skipped === 0
      ? []
      : [`note: ${countOf(skipped, "entry", "entries")} left out: pages and their parts, and calls that failed`]),
    ...(variables.length === 0
      ? []
      : [`note: set ${variables.join(", ")} in the environment or in .env: the files have no secret`]),
  ];
  context.stderr.write(printLines([...notes, ...lines]));
  return exitCode.done;
}

/** Gives capabilities of one name different ones. */
function distinct<Named extends { readonly name: string }>(capabilities: readonly Named[]): Named[] {
  const taken = new Set<string>();
  return capabilities.map(capability => {
    let { name } = capability;
    for (let count = 2; taken.has(name); count++) name = `${capability.name}-${count}`;
    taken.add(name);
    return { ...capability, name };
  });
}

async function read(source: string, { cwd }: CommandContext) {
  const { readFile, stat } = await import("node:fs/promises");
  const path = await import("node:path");
  const { fileText } = await import("../../base/files/file-text.ts");
  const { ioReason } = await import("../../base/io-reason.ts");
  const file = path.resolve(cwd, source);
  try {
    const stats = await stat(file);
    if (!stats.isFile()) throw new Error("it is not a file");
    if (stats.size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
    return readHar(fileText(await readFile(file)));
  } catch (error) {
    throw usageError(`Cannot import ${source}: ${ioReason(error)}`);
  }
}
