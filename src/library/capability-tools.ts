import { didYouMean, suggest } from "../base/did-you-mean.ts";
import { boolean, choice, func, type OptionKind, requireOptions, texts, wholeNumber } from "../base/option-kinds.ts";
import { parseJson } from "../base/parse-json.ts";
import { quoteValue } from "../base/visible-text.ts";
import type { CallOptions } from "../engine/call-options.ts";
import { callOptions } from "../engine/options.ts";
import type { Runtime } from "../engine/runtime.ts";
import { type AnswerFormatName, DEFAULT_ANSWER_SETTINGS, LEAST_MAX_TOKENS } from "../tools/answer/answer-settings.ts";
import { Answers } from "../tools/answer/answers.ts";
import { refusedTools, toolsOfOperations } from "../tools/operation-tools.ts";
import { problemAnswer } from "../tools/problem-answer.ts";
import type { Tool, ToolAnswer } from "../tools/tool.ts";
import { type AiSdkTool, aiSdkTool } from "./tool-shapes/ai-sdk.ts";
import { type AnthropicTool, anthropicTool } from "./tool-shapes/anthropic.ts";
import { chatTool, type OpenAiChatTool, type OpenAiResponsesTool, responsesTool } from "./tool-shapes/openai.ts";
import type { ToolDefinition, ToolResult } from "./tool-shapes/tool-definition.ts";

/** Options of making tools. */
export interface ToolsOptions {
  /**
   * References of the operations that become tools, as `run` takes them.
   *
   * @default all that the policy allows
   */
  readonly operations?: readonly string[] | undefined;
  /**
   * `true`: only operations whose method is GET or HEAD.
   *
   * @default false
   */
  readonly readOnly?: boolean | undefined;
  /**
   * Most tokens of one answer. A larger one is cut, and can be continued.
   *
   * @default 20_000
   */
  readonly maxTokens?: number | undefined;
  /**
   * How answers are written.
   *
   * @default "json"
   */
  readonly format?: AnswerFormatName | undefined;
  /** Asks a person whether a call may be made that the policy wants confirmed, as the option of `run` does. */
  readonly confirm?: CallOptions["confirm"];
}

/** Options of a call of a tool. */
export type ToolCallOptions = Pick<CallOptions, "signal" | "confirm">;

const toolsOptions: Readonly<Record<keyof ToolsOptions, { readonly kind: OptionKind }>> = {
  operations: { kind: texts("a list of references of operations") },
  readOnly: { kind: boolean },
  maxTokens: { kind: wholeNumber(LEAST_MAX_TOKENS) },
  format: { kind: choice(["json", "toon", "csv"]) },
  confirm: { kind: func },
};

/**
 * Makes tools of operations.
 *
 * @throws CapabilityError `OPERATION_NOT_FOUND`, `OPERATION_AMBIGUOUS`
 * @throws TypeError, RangeError for options that make no sense
 */
export function makeTools(runtime: Runtime, options: ToolsOptions): CapabilityTools {
  requireOptions(options, toolsOptions);
  const { operations, readOnly = false, maxTokens, format, confirm } = options;
  const found = operations?.map(reference => runtime.find(reference)) ?? runtime.model.operations;
  const offered = readOnly ? found.filter(({ method }) => method === "GET" || method === "HEAD") : found;
  const answers = new Answers({
    maxTokens: maxTokens ?? DEFAULT_ANSWER_SETTINGS.maxTokens,
    format: format ?? DEFAULT_ANSWER_SETTINGS.format,
  });
  const ofRuntime = [{ runtime, operations: offered }];
  return new CapabilityTools(toolsOfOperations(ofRuntime, answers), refusedTools(ofRuntime), confirm);
}

/** Operations of a capability as tools of models. Made by `Capability.tools`. */
export class CapabilityTools {
  /** The tools, in the order of the file. */
  readonly definitions: readonly ToolDefinition[];
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #refused: ReadonlyMap<string, string>;
  readonly #confirm: CallOptions["confirm"];

  /**
   * @param refused the reasons why others may not be called, by the names that they would have
   * @internal
   */
  constructor(tools: readonly Tool[], refused: ReadonlyMap<string, string>, confirm: CallOptions["confirm"]) {
    this.#confirm = confirm;
    this.#refused = refused;
    this.#tools = new Map(tools.map(tool => [tool.name, tool]));
    this.definitions = tools.map(({ name, description = "", inputSchema, annotations }) => ({
      name,
      description,
      inputSchema,
      isReadOnly: annotations.readOnlyHint === true,
    }));
  }

  /** Gives the tools for `generateText` and its like of the Vercel AI SDK, by name. It calls them. */
  get aiSdk(): Record<string, AiSdkTool> {
    return Object.fromEntries(
      this.definitions.map(tool => [
        tool.name,
        aiSdkTool(tool, (name, given, signal) => this.call(name, given, { signal })),
      ]),
    );
  }

  /** Gives the tools for OpenAI's Chat Completions. `call` takes the arguments of a call as they come. */
  get openaiChat(): OpenAiChatTool[] {
    return this.definitions.map(chatTool);
  }

  /** Gives the tools for OpenAI's Responses. `call` takes the arguments of a call as they come. */
  get openaiResponses(): OpenAiResponsesTool[] {
    return this.definitions.map(responsesTool);
  }

  /** Gives the tools for Anthropic's Messages. */
  get anthropic(): AnthropicTool[] {
    return this.definitions.map(anthropicTool);
  }

  /**
   * Calls a tool. Everything that goes wrong with it, from its arguments to the answer of the API, is a result that tells
   * the model.
   *
   * @param given arguments as the model gave them: an object, or its JSON
   * @throws the reason of `signal`, and what `confirm` throws
   */
  async call(name: string, given: unknown, options: ToolCallOptions = {}): Promise<ToolResult> {
    requireOptions(options, { signal: callOptions.signal, confirm: callOptions.confirm });
    const { signal = NEVER, confirm = this.#confirm } = options;
    const tool = this.#tools.get(name);
    if (tool === undefined) return resultOf(problemAnswer(this.#refused.get(name) ?? this.#unknown(name)));
    const read = typeof given === "string" ? readArguments(given) : { value: given };
    if (read.reason !== undefined)
      return resultOf(problemAnswer(`Nothing was sent: the arguments of ${name} are no JSON: ${read.reason}`));
    return resultOf(await tool.call(read.value, { caller: "", signal, confirm }));
  }

  #unknown(name: string): string {
    const near = didYouMean(suggest(String(name), this.#tools.keys()));
    return `Nothing was sent: there is no tool ${quoteValue(name)}${near}`;
  }
}

const NEVER = new AbortController().signal;

/** Parses the arguments that a model has written. Models write nothing for no arguments. */
function readArguments(text: string): { readonly value?: unknown; readonly reason?: string } {
  if (text.trim() === "") return { value: {} };
  const parsed = parseJson(text, "exact");
  return parsed.ok ? { value: parsed.value } : { reason: parsed.reason };
}

function resultOf({ content, isError }: ToolAnswer): ToolResult {
  const texts = content.map(part =>
    part.type === "text" ? part.text : `(${part.type === "resource" ? part.resource.mimeType : part.mimeType})`,
  );
  return { text: texts.join("\n"), content, isError };
}
