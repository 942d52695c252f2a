import { stringify } from "../../base/numbers/exact-json.ts";
import { quoteValue } from "../../base/visible-text.ts";
import type { CallerFields, CallerSeal } from "../../engine/binds/caller-fields.ts";
import { problemAnswer } from "../problem-answer.ts";
import type { ToolAnswer } from "../tool.ts";
import type { AnswerInputs } from "./answer-inputs.ts";
import type { AnswerSettings } from "./answer-settings.ts";
import { cutNotice } from "./cut-notice.ts";
import type { WrittenAnswer } from "./formats/answer-format.ts";
import { answerFormats } from "./formats/formats.ts";
import { jsonCost } from "./json-cost.ts";
import { KEPT_MINUTES, type KeptAnswer, KeptAnswers } from "./kept-answers.ts";
import { tokenCost } from "./token-cost.ts";
import { type Cut, type Rest, trim } from "./trim.ts";
import { type View, ViewProblem } from "./view.ts";
import type { WholeAnswer } from "./whole-answer.ts";

/** What is asked for with a call, besides what the tool does. */
interface AnswerRequest {
  readonly view: View;
  readonly caller: string;
  readonly callerFields: CallerFields | undefined;
  readonly inputs: AnswerInputs;
  /** Name of the member of structured content that holds the selected part of an answer. */
  readonly selectedName: string;
}

/** Names for an answer to something without inputs. */
const UNASKED = { inputs: { select: undefined, fields: undefined, cursor: "" }, selectedName: "" };

/** Tokens of what is said about a cut. */
const NOTICE_TOKENS = 250;

/** Fits answers into what agents can read, and keeps the rest of those that do not fit. One for all tools of a server. */
export class Answers {
  readonly #settings: AnswerSettings;
  readonly #kept = new KeptAnswers();

  constructor(settings: AnswerSettings) {
    this.#settings = settings;
  }

  /**
   * Fits an answer, or the part of it that is asked for. Without a request, the rest is not kept.
   *
   * @param seal of the credentials of the caller that it was had with
   */
  async fit(
    answer: WholeAnswer,
    request?: AnswerRequest,
    seal: CallerSeal | undefined = request?.callerFields?.seal(),
  ): Promise<ToolAnswer> {
    if (request === undefined) {
      const kept = { caller: "", seal: undefined, answer, value: answer.value, view: "", rests: [undefined] };
      return this.#give(new Part(undefined, kept), UNASKED, answer.notes);
    }
    const { view, caller } = request;
    const keep = (value: unknown) =>
      new Part(this.#kept, { caller, seal, answer, value, view: view.key, rests: [undefined] });
    // The view is one of the answer, and not of an error.
    if (answer.isError) return this.#give(keep(answer.value), request, answer.notes);
    try {
      const { value, note } = view.read(answer.value);
      return await this.#give(keep(value), request, note === undefined ? answer.notes : [...answer.notes, note]);
    } catch (error) {
      if (!(error instanceof ViewProblem)) throw error;
      const cursor = keep(answer.value).cursor;
      const again = `; the call was made, and its answer is kept: "${request.inputs.cursor}" "${cursor}" reads it without another call`;
      return problemAnswer(error.message + (cursor === undefined ? "" : again));
    }
  }

  /** Continues an answer, or gives another part of it. */
  async continue(cursor: unknown, request: AnswerRequest): Promise<ToolAnswer> {
    const { view, inputs } = request;
    const [, id = "", digits = ""] = /^([\w-]+)\.(\d{1,9})$/.exec(String(cursor)) ?? [];
    const number = Number(digits);
    const kept = this.#kept.get(id, request);
    if (kept === undefined || number >= kept.rests.length)
      return problemAnswer(
        `"${inputs.cursor}" ${quoteValue(cursor)} continues no answer; answers are kept for ${KEPT_MINUTES} minutes. Call again without it`,
      );
    if (view.key !== "" && view.key !== kept.view) return this.fit(kept.answer, request, kept.seal);
    return this.#give(new Part(this.#kept, kept, number, id), request, []);
  }

  async #give(
    part: Part,
    { inputs, selectedName }: typeof UNASKED | AnswerRequest,
    notes: readonly string[],
  ): Promise<ToolAnswer> {
    const { maxTokens } = this.#settings;
    const { answer, view } = part.kept;
    const lead = answer.lead === undefined || part.number > 0 ? "" : `${answer.lead}\n`;
    const around = [lead, ...notes].reduce((cost, text) => cost + tokenCost(text, maxTokens), 0);
    const { value, notice } = part.read(Math.max(maxTokens / 2, maxTokens - around));
    const written = await this.#write(value, answer.form);
    const texts = [lead + written.text, written.note, ...notes, notice && noticeText(notice, inputs, maxTokens)];
    const structured = view === "" ? (answer.structure?.(value) ?? value) : { [selectedName]: value };
    return {
      content: texts.filter(text => text !== undefined).map(text => ({ type: "text", text })),
      structured: answer.isStructured ? (stringify(structured) ?? "{}") : undefined,
      isError: answer.isError,
    };
  }

  async #write(value: unknown, form: WholeAnswer["form"]): Promise<WrittenAnswer> {
    if (form === "text" && typeof value === "string") return { text: value, note: undefined };
    const { format } = this.#settings;
    const inJson = stringify(value) ?? "null";
    if (format === "json") return { text: inJson, note: undefined };
    const written = await answerFormats[format].write(value);
    if (written === undefined) return { text: inJson, note: `This answer cannot be written as ${format}: it is JSON` };
    return written.text.length > inJson.length ? { text: inJson, note: undefined } : written;
  }
}

/** Something that is said about a part of an answer. */
interface Notice {
  readonly cuts: readonly Cut[];
  /** What continues the answer. */
  readonly next: "end" | "unkept" | "stuck" | { readonly cursor: string };
}

/** One part of a kept answer. The answer is kept when a cursor of it is asked for. */
class Part {
  readonly kept: KeptAnswer;
  readonly number: number;
  /** `undefined`: it is not kept. */
  readonly #answers: KeptAnswers | undefined;
  #id: string | undefined;

  constructor(answers: KeptAnswers | undefined, kept: KeptAnswer, number = 0, id?: string) {
    this.#answers = answers;
    this.kept = kept;
    this.number = number;
    this.#id = id;
  }

  /** Gives what continues the answer at this part. `undefined` for an answer that is too large to be kept. */
  get cursor(): string | undefined {
    return this.#cursorOf(this.number);
  }

  #cursorOf(number: number): string | undefined {
    this.#id ??= this.#answers?.add(this.kept);
    return this.#id === undefined ? undefined : `${this.#id}.${number}`;
  }

  /** Reads the part. */
  read(room: number): { readonly value: unknown; readonly notice: Notice | undefined } {
    const { value, rests } = this.kept;
    const from = rests[this.number];
    if (from === undefined && jsonCost(value, room) <= room) return { value, notice: undefined };
    const { cuts, rest, hasProgress, value: part } = trim(value, Math.max(room / 2, room - NOTICE_TOKENS), from);
    return { value: part, notice: { cuts, next: this.#next(rest, hasProgress) } };
  }

  #next(rest: Rest | undefined, hasProgress: boolean): Notice["next"] {
    if (rest === undefined) return "end";
    // The first part shares its room among all members; the next one may have enough for one of them.
    if (!hasProgress && this.number > 0) return "stuck";
    this.kept.rests[this.number + 1] = rest;
    const cursor = this.#cursorOf(this.number + 1);
    return cursor === undefined ? "unkept" : { cursor };
  }
}

const MOST_CUTS = 5;

/** Says what is cut, of as many parts as there is room for. */
function noticeText(notice: Notice, inputs: AnswerInputs, maxTokens: number): string {
  const room = Math.min(NOTICE_TOKENS, maxTokens / 2);
  for (let most = Math.min(MOST_CUTS, notice.cuts.length); most > 0; most--) {
    const text = noticeOf(notice, inputs, `${maxTokens.toLocaleString("en")} tokens: ${cutNotice(notice.cuts, most)}`);
    if (tokenCost(text) <= room) return text;
  }
  return noticeOf(notice, inputs, `${maxTokens.toLocaleString("en")} tokens`);
}

function noticeOf({ next }: Notice, { select, fields, cursor }: AnswerInputs, what: string): string {
  const shown = `Cut to ${what}.`;
  const less = select === undefined ? "" : ` "${select}" or "${fields}" give less of it.`;
  if (next === "end") return `${shown} This is the last part.`;
  if (next === "stuck") return `${shown} No part of the rest is small enough.${less}`;
  if (next === "unkept") return `${shown} The rest is too large to be kept.${less}`;
  return `${shown} Call again with "${cursor}": "${next.cursor}" for the next part of this answer; the API is not called again.${less}`;
}
