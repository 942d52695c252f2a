import type { Tool, ToolAnswer, ToolContext } from "../tool.ts";

/** An answer of any size, which is not fitted into what an agent can read yet. Secrets are masked in it. */
export interface WholeAnswer {
  /** JSON with large numbers as `parseExact` has them; a string where `form` is `text`. It is not changed. */
  readonly value: unknown;
  /** Whether the value is written as JSON, or is the text itself. */
  readonly form: "json" | "text";
  /** Whether the value is also given as structured content. */
  readonly isStructured: boolean;
  /** Makes structured content of what is left of the value: clients refuse what breaks the output schema. */
  readonly structure?: ((value: unknown) => unknown) | undefined;
  readonly isError: boolean;
  /** Line before the value, such as the status of an error. */
  readonly lead: string | undefined;
  /** Texts behind the value, such as how a list goes on. */
  readonly notes: readonly string[];
}

/** A tool whose answers may have any size. */
export interface WholeTool extends Omit<Tool, "call"> {
  /** Does what `Tool.call` does. A {@link ToolAnswer} is given to the caller as it is. */
  call(given: unknown, context: ToolContext): Promise<WholeAnswer | ToolAnswer>;
}

/** Tells a value that is to be fitted from an answer that is ready. */
export function isWhole(answer: WholeAnswer | ToolAnswer): answer is WholeAnswer {
  return "value" in answer;
}
