import type { AnswerFormatName } from "../answer-settings.ts";
import type { AnswerFormat } from "./answer-format.ts";
import { csv } from "./csv.ts";
import { json } from "./json.ts";
import { toon } from "./toon.ts";

/** The formats in which answers can be written, by name. */
export const answerFormats: Readonly<Record<AnswerFormatName, AnswerFormat>> = { json, toon, csv };
