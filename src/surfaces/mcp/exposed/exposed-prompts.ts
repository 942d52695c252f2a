import { CapabilityError } from "../../../base/capability-error.ts";
import { didYouMean, suggest } from "../../../base/did-you-mean.ts";
import { readSmallFile } from "../../../base/files/read-small-file.ts";
import { ioReason } from "../../../base/io-reason.ts";
import { RemediedError } from "../../../base/remedy.ts";
import { thrownText } from "../../../base/thrown-text.ts";
import { findFile, parseFileLocation } from "../../../engine/binds/file/find-file.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import { fillGaps, promptGaps } from "../../../language/document/prompt-gaps.ts";
import type { Prompt } from "../../../language/model/exposed/types.ts";
import type { McpPrompts, PromptMessage } from "../offer.ts";
import { textsOf } from "./texts-of.ts";

/** Longest description, in characters. */
const LONGEST_DESCRIPTION = 4_000;

/** Makes the prompts of a server (language chapter 7.3). Of several with one name, the first is meant. */
export function exposedPrompts(prompts: readonly Prompt[], runtime: Runtime): McpPrompts {
  const byName = new Map<string, Prompt>();
  for (const prompt of prompts) if (!byName.has(prompt.name)) byName.set(prompt.name, prompt);
  return {
    list: Array.from(byName.values(), prompt => ({
      name: prompt.name,
      ...textsOf(prompt, LONGEST_DESCRIPTION),
      arguments: prompt.arguments.map(argument => ({
        name: argument.name,
        ...textsOf(argument, LONGEST_DESCRIPTION),
        required: argument.required,
      })),
    })),
    async get(name, given) {
      const prompt = byName.get(name);
      if (prompt === undefined) return undefined;
      const messages = await messagesOf(prompt, runtime);
      const values = valuesOf(prompt, messages, given);
      return messages.map(({ role, text }) => ({ role, text: fillGaps(text, values) }));
    },
  };
}

async function messagesOf({ name, content, pointer }: Prompt, runtime: Runtime): Promise<PromptMessage[]> {
  if (content.kind === "messages") return content.messages.map(({ role, content }) => ({ role, text: content }));
  try {
    return [{ role: "user", text: await textOf(content, runtime) }];
  } catch (cause) {
    const message = `The file of the prompt "${name}" cannot be read: ${thrownText(cause)}`;
    const remedy = RemediedError.remedyOf(cause);
    throw new CapabilityError("IO_FAILED", {
      message,
      details: { reason: ioReason(cause), path: content.location },
      // The option is that of all files that a server gives to its callers.
      remedies:
        remedy !== undefined && "value" in remedy && Array.isArray(remedy.value)
          ? [{ option: "folderRoots", value: remedy.value }]
          : [],
      pointer,
      cause,
    });
  }
}

async function textOf(
  { location, directory }: Extract<Prompt["content"], { readonly kind: "file" }>,
  { opening: { surroundings, settings } }: Runtime,
): Promise<string> {
  const written = parseFileLocation(location);
  if (written === undefined) throw new Error(`"${location}" is not the file: URL of a file`);
  const places = { cwd: surroundings.cwd, fileRoots: settings.folderRoots, config: undefined, tenant: undefined };
  return readSmallFile(await findFile(written, { directory }, places));
}

/**
 * Returns the values for the gaps. A value for a gap that no argument declares is taken; one for nothing is refused.
 *
 * @throws CapabilityError `INPUT_MISSING`, `INPUT_UNKNOWN`
 */
function valuesOf(
  { name: operation, arguments: declared }: Prompt,
  messages: readonly PromptMessage[],
  given: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const known = new Set([...declared.map(({ name }) => name), ...messages.flatMap(({ text }) => promptGaps(text))]);
  const unknown = Object.keys(given).filter(name => !known.has(name));
  if (unknown.length > 0) {
    const told = unknown.map(name => `no argument ${JSON.stringify(name)}${didYouMean(suggest(name, known))}`);
    const suggestions = unknown.flatMap(name => suggest(name, known));
    throw new CapabilityError("INPUT_UNKNOWN", {
      message: `Cannot give the prompt "${operation}": ${told.join("; ")}`,
      details: { operation, inputs: unknown, suggestions },
    });
  }
  const missing = declared.filter(({ name, required }) => required && !Object.hasOwn(given, name));
  if (missing.length > 0) {
    const inputs = missing.map(({ name }) => name);
    const listed = inputs.map(name => JSON.stringify(name)).join(", ");
    throw new CapabilityError("INPUT_MISSING", {
      message: `Cannot give the prompt "${operation}": ${inputs.length === 1 ? `argument ${listed} has` : `arguments ${listed} have`} no value`,
      details: { operation, inputs },
    });
  }
  return new Map(Object.entries(given));
}
