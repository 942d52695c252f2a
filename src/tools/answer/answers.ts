import { stringify } from "../../base/numbers/exact-json.ts";
import type { ToolAnswer } from "../tool.ts";
import type { WholeAnswer } from "./whole-answer.ts";

/** Form of the text of answers. */
export type AnswerFormat = "json" | "toon" | "csv";

export interface AnswerSettings {
  /** Most tokens of one answer. */
  readonly maxTokens: number;
  readonly format: AnswerFormat;
}

export const DEFAULT_ANSWER_SETTINGS: AnswerSettings = { maxTokens: 20_000, format: "json" };

/** Fits answers into what agents can read. One for all tools of a server. */
export class Answers {
  readonly settings: AnswerSettings;

  constructor(settings: AnswerSettings) {
    this.settings = settings;
  }

  /** Fits an answer. */
  fit(answer: WholeAnswer): ToolAnswer {
    const { value, form, lead, notes, isStructured, structure, isError } = answer;
    const json = form === "json" || isStructured ? (stringify(value) ?? "null") : "";
    const text = form === "json" ? json : String(value);
    const texts = [lead === undefined ? text : `${lead}\n${text}`, ...notes];
    const structured = structure === undefined ? value : structure(value);
    return {
      content: texts.map(text => ({ type: "text", text })),
      structured: isStructured ? (structured === value ? json : (stringify(structured) ?? "null")) : undefined,
      isError,
    };
  }
}
