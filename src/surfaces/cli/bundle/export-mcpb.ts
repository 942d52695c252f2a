import { version } from "../../../base/version.ts";
import type { OpenOptions } from "../../../engine/open-options.ts";
import { packageFolder } from "../../../engine/package-folder.ts";
import type { CommandContext } from "../command-context.ts";
import { environmentVariables } from "../environment-variables.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { openWritten } from "../open-named.ts";
import { openOutFile } from "../out-file.ts";
import { printLines } from "../printed-text.ts";
import { readBindValues } from "../read-bind-values.ts";
import { usageError } from "../usage-error.ts";
import { mcpbBundle } from "./mcpb.ts";

interface ExportOptions {
  readonly capability: string;
  readonly open: OpenOptions;
  /** File to write. Absent: `<name>.mcpb` in the working folder. */
  readonly out: string | undefined;
}

/** Runs `naftiko export mcpb <capability>`. The file is taken as it is, without the overlays of a configuration. */
export async function exportMcpb({ capability, open, out }: ExportOptions, context: CommandContext): Promise<ExitCode> {
  const bindValues = readBindValues([], context);
  const runtime = await openWritten(
    capability,
    { ...open, env: context.env },
    { bindValues, overlays: undefined },
    context,
  );
  const { name, info, operations } = runtime.model;
  const [file, ...imported] = runtime.document.origins.files;
  const folder = packageFolder();
  if (file === undefined || folder === undefined) throw new Error("a command reads files, and stands in its package");
  if (operations.length === 0)
    throw usageError(`Cannot export ${name}: it consumes no operation that a tool could call`);
  const variables = environmentVariables(operations);
  const facts = { name, title: info.label, description: info.description, version, variables };
  const bundle = await mcpbBundle(facts, [file, ...imported], folder);
  const target = out ?? `${name}.mcpb`;
  const written = await openOutFile(target, context.cwd);
  try {
    await written.write(bundle);
    await written.finish();
  } finally {
    await written.discard();
  }
  const asks =
    variables.length === 0
      ? ""
      : `; a client that installs it asks for ${variables.map(({ name: variable }) => variable).join(", ")}`;
  context.stderr.write(printLines([`${target} is written${asks}`]));
  return exitCode.done;
}
