import type { JsonObject } from "../../base/json-object.ts";
import type { CallerFields } from "../../engine/binds/caller-fields.ts";
import type { Tool } from "../../tools/tool.ts";

/** What one MCP server offers: the same for every revision of the protocol and every transport. */
export interface McpOffer {
  /** `serverInfo.name` */
  readonly name: string;
  /** Name for people. */
  readonly title: string | undefined;
  readonly version: string;
  readonly instructions: string | undefined;
  readonly tools: readonly Tool[];
  /** Returns why a tool that is not listed is refused; `undefined` for one that nobody knows. */
  refusalOf(tool: string): string | undefined;
  readonly resources: McpResources | undefined;
  readonly prompts: McpPrompts | undefined;
}

/** Things that clients can read. */
export interface McpResources {
  list(): Promise<readonly ResourceEntry[]>;
  readonly templates: readonly ResourceTemplateEntry[];
  /**
   * @param callerFields those of the request, over HTTP
   * @returns `undefined` for a URI that names nothing
   * @throws CapabilityError if it cannot be read
   */
  read(uri: string, signal: AbortSignal, callerFields?: CallerFields): Promise<readonly ResourceContents[] | undefined>;
  /** Skills among them. `undefined`: there are none. */
  readonly skills: McpSkills | undefined;
}

/** Skills whose files are resources (extension `io.modelcontextprotocol/skills`). */
export interface McpSkills {
  list(): Promise<readonly SkillEntry[]>;
  /**
   * @param uri that of a `SKILL.md`
   * @returns `undefined` where it is none of a skill
   */
  get(uri: string): Promise<SkillEntry | undefined>;
}

export interface SkillEntry {
  /** Of the `SKILL.md`. */
  readonly uri: string;
  /** That of the `SKILL.md`, as JSON. */
  readonly frontmatter: JsonObject;
  /** Every file; `dynamic` where they are too many, or too large, to be digested. */
  readonly resources: { readonly uri: string; readonly digest: string; readonly size: number }[] | "dynamic";
}

interface ResourceNames {
  readonly name: string;
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly mimeType: string | undefined;
}

export interface ResourceEntry extends ResourceNames {
  readonly uri: string;
  /** In bytes. */
  readonly size: number | undefined;
}

export interface ResourceTemplateEntry extends ResourceNames {
  /** RFC 6570 */
  readonly uriTemplate: string;
}

/** `blob` is base64. */
export type ResourceContents = { readonly uri: string; readonly mimeType: string | undefined } & (
  | { readonly text: string }
  | { readonly blob: string }
);

/** Texts with gaps. */
export interface McpPrompts {
  readonly list: readonly PromptEntry[];
  /**
   * @returns `undefined` for an unknown prompt
   * @throws CapabilityError for a missing or unknown argument, or a file that cannot be read
   */
  get(name: string, given: Readonly<Record<string, string>>): Promise<readonly PromptMessage[] | undefined>;
}

export interface PromptEntry {
  readonly name: string;
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly arguments: readonly PromptArgument[];
}

interface PromptArgument {
  readonly name: string;
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly required: boolean;
}

export interface PromptMessage {
  readonly role: "user" | "assistant";
  readonly text: string;
}
