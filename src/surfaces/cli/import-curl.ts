import { fileText } from "../../base/files/file-text.ts";
import { capabilityOfCalls, methodProblem } from "../../language/calls/capability-of-calls.ts";
import { readCurl } from "../../language/calls/curl-call.ts";
import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { printLines } from "./printed-text.ts";
import { usageError } from "./usage-error.ts";
import { writeImported } from "./write-imported.ts";

interface CurlOptions {
  /** The command, or `-` for standard input. */
  readonly source: string;
  readonly out: string | undefined;
  readonly namespace: string | undefined;
  readonly format: "json" | "yaml" | undefined;
  readonly force: boolean;
  readonly quiet: boolean;
}

/** Longest command that is read, in bytes. */
const LONGEST = 1024 * 1024;

/** Runs `naftiko import curl '<command>'`: makes a capability of a call that worked. */
export async function importCurl(options: CurlOptions, context: CommandContext): Promise<ExitCode> {
  const { source, namespace } = options;
  const { capability, notes } = convert(source === "-" ? await readCommand(context) : source, namespace);
  const lines = await writeImported([capability], { ...options, isSplit: false }, context);
  if (options.quiet) return exitCode.done;
  const { variables } = capability;
  const needed =
    variables.length === 0
      ? []
      : [`note: set ${variables.join(", ")} in the environment or in .env: the file has no secret of the command`];
  context.stderr.write(printLines([...notes.map(note => `note: ${note}`), ...needed, ...lines]));
  return exitCode.done;
}

function convert(command: string, namespace: string | undefined) {
  try {
    const { call, notes } = readCurl(command);
    const problem = methodProblem(call.method);
    if (problem !== undefined) throw new Error(problem);
    return { capability: capabilityOfCalls([call], { namespace }), notes };
  } catch (error) {
    // The command is not shown: it may hold a secret.
    const usage = "naftiko import curl 'curl https://api.example.com/things'";
    throw usageError(`Cannot import the command: ${(error as Error).message}`, usage);
  }
}

async function readCommand({ stdin }: CommandContext): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    length += chunk.length;
    if (length > LONGEST) throw usageError(`Cannot import the command: it is longer than ${LONGEST} bytes`);
    chunks.push(chunk);
  }
  return fileText(Buffer.concat(chunks));
}
