import path from "node:path";
import { readSmallFile } from "../../../base/files/read-small-file.ts";
import { thrownText } from "../../../base/thrown-text.ts";
import type { JobQueue } from "../../../queue/job-queue.ts";
import { openQueue } from "../../../queue/open-queue.ts";
import type { CommandContext } from "../command-context.ts";
import { printLines } from "../printed-text.ts";
import { usageError } from "../usage-error.ts";

/** The variable that names the queue where no option does. */
const QUEUE_VARIABLE = "NAFTIKO_QUEUE";

/**
 * Opens the queue of `--queue`. Its trouble on the way is told on standard error.
 *
 * @param given a URL, or `@` and the path of a file that holds one: other users of a machine see the options of a process
 * @throws CapabilityError `USAGE`, `QUEUE_UNAVAILABLE`, `QUEUE_REFUSED`
 */
export async function openGivenQueue(
  given: string | undefined,
  context: Pick<CommandContext, "cwd" | "env" | "stderr">,
): Promise<JobQueue> {
  const url = await queueUrl(given, context);
  return openQueue(url, sentence => context.stderr.write(printLines([`note: ${sentence}`])));
}

/** Returns the URL of a queue as it was given: in the option, in a file that the option names, or in the variable. */
export async function queueUrl(
  given: string | undefined,
  { cwd, env }: Pick<CommandContext, "cwd" | "env">,
): Promise<string> {
  const text = given ?? env[QUEUE_VARIABLE];
  if (text === undefined || text === "") {
    throw usageError(`Option --queue is missing: redis://, rediss:// or postgres://, here or in ${QUEUE_VARIABLE}`);
  }
  if (!text.startsWith("@")) return text;
  const file = path.resolve(cwd, text.slice(1));
  try {
    return (await readSmallFile(file)).trim();
  } catch (error) {
    throw usageError(`Option --queue names a file with the URL: ${thrownText(error)}`);
  }
}
