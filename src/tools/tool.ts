import type { JsonObject } from "../base/json-object.ts";
import type { CallerFields } from "../engine/binds/caller-fields.ts";
import type { Span } from "../telemetry/span.ts";

/** Something that an agent can call: what is listed of it, and how it is done. It holds nothing of a protocol's revision. */
export interface Tool {
  /** Unique in its list; `^[A-Za-z0-9_-]{1,64}$`. */
  readonly name: string;
  /** Name that a file writes, where clients do not take it. The tool is found by it too. */
  readonly writtenName?: string | undefined;
  /** Name for people. */
  readonly title: string | undefined;
  readonly description: string | undefined;
  /** JSON Schema (2020-12) of an object. */
  readonly inputSchema: JsonObject;
  /** Schema of {@link ToolAnswer.structured}. `undefined`: nothing is declared. */
  readonly outputSchema: JsonObject | undefined;
  /**
   * Schema of the inputs as a file writes it. Clients of the revisions that begin with `initialize` are listed this one,
   * and no output schema: the same as the reference engine lists (tutorial, `tools/list`).
   */
  readonly writtenSchema?: JsonObject | undefined;
  /** Only what is known of it. */
  readonly annotations: ToolAnnotations;
  /**
   * Checks the arguments, and does it.
   *
   * @param given arguments as they arrived; anything
   * @returns an answer with `isError` for everything that is wrong, from arguments to the API's answer
   * @throws what `context.confirm` throws, and the reason of `context.signal`
   */
  call(given: unknown, context: ToolContext): Promise<ToolAnswer>;
}

/** Hints about what a tool does (MCP, `ToolAnnotations`). */
export interface ToolAnnotations {
  /** Name for people, again: clients of the first revisions with annotations look for it here. */
  readonly title?: string;
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
}

/** The surroundings of one call of a tool. */
export interface ToolContext {
  /**
   * Who calls, as the server tells callers apart: a session, or what the caller authenticated with. Empty where all are
   * one. An answer that is kept for one caller is not given to another.
   */
  readonly caller: string;
  /** Fields of the request that carries the call, for variables of `request:`. Absent where there is none. */
  readonly callerFields?: CallerFields | undefined;
  /** Aborted when the caller cancels the call, or is gone. */
  readonly signal: AbortSignal;
  /** Span of the request, under which the work is traced. Absent where nothing is traced. */
  readonly span?: Span | undefined;
  /** Asks a person whether something may be done. `undefined`: nobody can be asked. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
}

/** The answer to a call of a tool. Secrets are masked in it. */
export interface ToolAnswer {
  readonly content: readonly ToolContent[];
  /**
   * JSON text: it may hold numbers that JavaScript has no type for. Clients of revisions before 2026-07-28 are given that
   * of an object alone.
   */
  readonly structured: string | undefined;
  readonly isError: boolean;
}

export type ToolContent =
  | { readonly type: "text"; readonly text: string }
  /** `data` is base64. */
  | { readonly type: "image" | "audio"; readonly data: string; readonly mimeType: string }
  /** A file within the answer. `blob` is base64. */
  | {
      readonly type: "resource";
      readonly resource: { readonly uri: string; readonly mimeType: string; readonly blob: string };
    };
