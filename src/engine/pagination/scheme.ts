import type { Operation } from "../../language/model/types.ts";
import type { SchemeSettings } from "../../language/overlays/pagination.ts";
import type { AnswerView } from "./answer-view.ts";
import type { PageAnswer } from "./page.ts";

/** One kind of pagination: a row of the registry in `schemes.ts`. */
export interface Scheme {
  /** Whether the answers name the next page. If not, the caller counts. */
  readonly isStated: boolean;
  /**
   * When it is looked for: 1 comes first, and several of one rank may be meant. A next page that the API names comes
   * before counting, and a value for an input before a URL.
   */
  readonly rank: number;
  /**
   * Returns the possible ways to the next page, by the first answer and the operation's inputs. Empty if there is none or
   * the list ends with this answer.
   */
  detect(view: AnswerView): readonly Candidate[];
  /**
   * Compiles settings of this kind.
   *
   * @throws SettingsError for settings that are malformed or do not fit the operation
   */
  compile(settings: unknown, operation: Operation): FindNext;
}

/** A possible way to the next page. */
export interface Candidate {
  readonly settings: SchemeSettings;
  /** Whether the caller gives its input. Such candidates win. */
  readonly isGiven: boolean;
  /** Whether the answer mentions it. Such candidates win next. */
  readonly isConfirmed: boolean;
}

/** A page as the schemes see it. */
interface PageState {
  readonly answer: PageAnswer;
  /** Number of its items, or `undefined` if the items are unknown. */
  readonly count: number | undefined;
  /** Number of items so far, those of this page included. */
  readonly seen: number;
}

/** A function that returns the way to the next page, or `undefined` for the last page. */
export type FindNext = (page: PageState) => NextPage | undefined;

/** The way to a page. */
export type NextPage =
  /** `value` for the input `input`. */
  | { readonly kind: "input"; readonly input: string; readonly value: unknown }
  /** A URL as the API wrote it, which may be relative. */
  | { readonly kind: "url"; readonly url: string };

/** An error of settings. The message continues "its pagination …". */
export class SettingsError extends Error {}

/** An error of an answer that does not tell the way to the next page. The message continues "page 2 …". */
export class PageError extends Error {}
