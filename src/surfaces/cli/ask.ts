import { Writable } from "node:stream";
import { CapabilityError } from "../../base/capability-error.ts";
import { visibleLine } from "../../base/visible-text.ts";
import type { Terminal } from "./command-context.ts";

interface Question {
  /** It may hold texts of others. */
  readonly message: string;
}

interface TextQuestion extends Question {
  /** Answer that an empty line gives. */
  readonly usual?: string | undefined;
  /** Tells why an answer will not do; it is asked for again. */
  readonly problem?: ((answer: string) => string | undefined) | undefined;
}

/** An answer that the user may choose. */
export interface Choice<Value> {
  readonly value: Value;
  readonly label: string;
  /** Shown beside the choice that is marked. */
  readonly hint?: string | undefined;
}

interface YesNoQuestion extends Question {
  /** @default true */
  readonly usual?: boolean;
}

interface ChoiceQuestion<Value> extends Question {
  readonly choices: readonly Choice<Value>[];
  /** @default the first */
  readonly usual?: Value | undefined;
}

/**
 * Asks the user at a terminal. Questions go to standard error: standard output is the result. Each method throws `ABORTED`
 * if the user leaves a question by Ctrl-C, Ctrl-D or Escape, or the command is interrupted; the terminal is then as
 * before.
 */
export class Asker {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Asks for a text. */
  text({ message, usual, problem }: TextQuestion): Promise<string> {
    return this.#ask<string>(({ text }, streams) =>
      text({
        ...streams,
        message: visibleLine(message),
        validate: answer => visibleProblem(problem?.(answer || (usual ?? ""))),
        ...(usual === undefined ? {} : { placeholder: visibleLine(usual), defaultValue: usual }),
      }),
    );
  }

  /** Asks for a text that nobody sees, not even its length. */
  secret({ message, problem }: Omit<TextQuestion, "usual">): Promise<string> {
    return this.#ask<string>(({ password }, streams) =>
      password({
        ...streams,
        message: visibleLine(message),
        mask: "",
        validate: answer => visibleProblem(problem?.(answer ?? "")),
      }),
    );
  }

  /** Asks for one of several values. */
  choice<Value>({ message, choices, usual }: ChoiceQuestion<Value>): Promise<Value> {
    // Clack is given the places of the values: its types cannot be followed for values of any type.
    const options = choices.map(({ label, hint }, value) => ({
      value,
      label: visibleLine(label),
      ...(hint === undefined ? {} : { hint: visibleLine(hint) }),
    }));
    const initialValue = Math.max(
      0,
      choices.findIndex(({ value }) => value === usual),
    );
    return this.#ask<Value>(async ({ select, isCancel }, streams) => {
      const place = await select({ ...streams, message: visibleLine(message), options, initialValue });
      return isCancel(place) ? place : (choices[place] as Choice<Value>).value;
    });
  }

  /** Asks for yes or no. */
  yesNo({ message, usual = true }: YesNoQuestion): Promise<boolean> {
    return this.#ask<boolean>(({ confirm }, streams) =>
      confirm({ ...streams, message: visibleLine(message), initialValue: usual }),
    );
  }

  async #ask<Value>(prompt: (prompts: Prompts, streams: Streams) => Promise<Value | symbol>): Promise<Value> {
    const { input, signal } = this.#terminal;
    const prompts = await import("@clack/prompts");
    const leave = new AbortController();
    const end = () => leave.abort();
    // Clack goes on waiting where the input ends.
    const onKey = (_text: unknown, key: { readonly ctrl?: boolean; readonly name?: string } | undefined) => {
      if (key?.ctrl === true && key.name === "d") end();
    };
    signal.addEventListener("abort", end, { once: true });
    input.on("keypress", onKey).on("end", end).on("close", end);
    if (signal.aborted) end();
    try {
      const answer = await prompt(prompts, {
        input,
        output: new QuestionOutput(this.#terminal),
        signal: leave.signal,
        withGuide: false,
      });
      if (!prompts.isCancel(answer)) return answer as Value;
    } finally {
      signal.removeEventListener("abort", end);
      input.off("keypress", onKey).off("end", end).off("close", end);
    }
    throw new CapabilityError("ABORTED", { message: "A question was left without an answer", details: {} });
  }
}

type Prompts = typeof import("@clack/prompts");

interface Streams {
  readonly input: Terminal["input"];
  readonly output: Writable;
  readonly signal: AbortSignal;
  readonly withGuide: false;
}

/** Sequences that choose a colour. Others stay: the cursor is a character with its colours exchanged. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences begin with one
const COLOUR = /\u001b\[[39]\dm/g;

/** What clack writes to: the terminal, of a usual size if it does not tell its own, as terminals of programs do not. */
class QuestionOutput extends Writable {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    super({ decodeStrings: false });
    this.#terminal = terminal;
  }

  get columns(): number {
    return this.#terminal.output.columns || 80;
  }

  get rows(): number {
    return this.#terminal.output.rows || 24;
  }

  override _write(text: string, _encoding: string, done: (error?: Error | null) => void): void {
    const { output, hasColour } = this.#terminal;
    output.write(hasColour ? text : text.replace(COLOUR, ""), done);
  }
}

function visibleProblem(problem: string | undefined): string | undefined {
  return problem && visibleLine(problem);
}
