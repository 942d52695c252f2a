import type { CommandContext } from "./command-context.ts";
import type { PrintedText } from "./printed-text.ts";

/** Writes a text for people to standard output, on a terminal by a pager if it is long. */
export async function showText(text: PrintedText, { stdout, page }: CommandContext): Promise<void> {
  if (stdout.isTTY && page !== undefined && (await page(text))) return;
  stdout.write(text);
}
