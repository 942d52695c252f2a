import type { Operation } from "../../language/model/types.ts";
import type { SchemeSettings } from "../../language/overlays/pagination.ts";
import type { AnswerView } from "./answer-view.ts";
import type { PageAnswer } from "./page.ts";

/** One kind of pagination: a row of the registry in `schemes.ts`. */
export interface Scheme {
  /** Whether the answers say what the next page is, in place of the caller counting. */
  readonly isStated: boolean;
  /**
   * The ways to the next page that the first answer and the operation's inputs let expect. Empty where they let expect
   * none, and where the list ends with this answer.
   */
  detect(view: AnswerView): readonly Candidate[];
  /**
   * Compiles settings of this kind.
   *
   * @throws SettingsError for settings that are malformed or do not fit the operation
   */
  compile(settings: unknown, operation: Operation): Promise<FindNext>;
}

/** A way that may be meant. */
export interface Candidate {
  readonly settings: SchemeSettings;
  /** More than one of a rank: those that the caller has given the input of are meant, then those the answer speaks of. */
  readonly isGiven: boolean;
  readonly isConfirmed: boolean;
}

/** A page as the schemes see it. */
interface PageState {
  readonly answer: PageAnswer;
  /** How many items it has; `undefined` where nobody knows what its items are. */
  readonly count: number | undefined;
  /** How many items the walk has seen, with this page. */
  readonly seen: number;
}

/** Where the next page is. Nothing for the last page. */
export type FindNext = (page: PageState) => NextPage | undefined;

export type NextPage =
  /** `value` for the input `input`. */
  | { readonly kind: "input"; readonly input: string; readonly value: unknown }
  /** A URL as the API wrote it, which may be relative. */
  | { readonly kind: "url"; readonly url: string };

/** Settings that cannot be used. The message continues "its pagination …". */
export class SettingsError extends Error {}

/** An answer that the way to the next page cannot be read from. The message is the end of a sentence about the page. */
export class PageError extends Error {}
