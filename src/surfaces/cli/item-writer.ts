import type { CommandContext } from "./command-context.ts";
import { printData, printJson, printLines } from "./printed-text.ts";
import { requirePrintable } from "./require-printable.ts";
import { writeChunk } from "./write-chunk.ts";
import { compileSelect, jsonColour, jsonText, type ResultOptions } from "./write-result.ts";
import { writeTogether } from "./write-together.ts";

/** Writes items as they come. */
interface ItemWriter {
  write(items: readonly unknown[]): Promise<void>;
  /** Writes what closes the items. Where a call has failed before there were any, nothing is written. */
  end(isComplete: boolean): Promise<void>;
}

/** Texts of a list that is written piece by piece. */
interface ListForm {
  /** Returns the text of an item. `isFirst`: nothing was written before it. */
  item(value: unknown, isFirst: boolean): string;
  /** Text behind the last item. */
  readonly end: string;
  /** Text of a list without items. */
  readonly empty: string;
}

/**
 * Items as lines of JSON, with `--output json` as one array, with `yaml` as one list: valid at any time, the array when
 * it is closed. A table needs to know all items, and is written at the end. `--select` is applied to each item, and what
 * it finds is written in its place; a string bare, but in an array or a list.
 */
export async function createItemWriter(options: ResultOptions, context: CommandContext): Promise<ItemWriter> {
  const { stdout } = context;
  const select = options.select === undefined ? (item: unknown) => item : compileSelect(options.select);
  if (options.output === "table") return tableWriter(select, context);
  const form = await listForm(options);
  const colour = options.output === "yaml" ? undefined : await jsonColour(options, context);
  let isFirst = true;
  function* textsOf(items: readonly unknown[]) {
    for (const item of items) {
      const selected = select(item);
      requirePrintable(selected);
      // A string that `--select` finds is printed bare.
      const isBare = options.select !== undefined && options.output === undefined && typeof selected === "string";
      const text = printJson(form.item(selected, isFirst), stdout, isBare ? undefined : colour);
      isFirst = false;
      yield text;
    }
  }
  return {
    write: items => writeTogether(textsOf(items), stdout),
    async end(isComplete) {
      const text = isFirst ? (isComplete ? form.empty : "") : form.end;
      if (text !== "") await writeChunk(stdout, printData(text, stdout));
    },
  };
}

async function listForm({ output, select }: ResultOptions): Promise<ListForm> {
  if (output === "json")
    return {
      item: (value, isFirst) => `${isFirst ? "[" : ","}\n${jsonText(value)}`,
      end: "\n]\n",
      empty: "[]\n",
    };
  if (output === "yaml") {
    const { yamlText } = await import("../../base/yaml-text.ts");
    return { item: value => yamlText([value]), end: "", empty: "[]\n" };
  }
  return {
    item: value => `${select !== undefined && typeof value === "string" ? value : jsonText(value)}\n`,
    end: "",
    empty: "",
  };
}

function tableWriter(select: (item: unknown) => unknown, { stdout }: CommandContext): ItemWriter {
  const all: unknown[] = [];
  return {
    async write(items) {
      for (const item of items) all.push(select(item));
    },
    async end(isComplete) {
      if (all.length === 0 && !isComplete) return;
      requirePrintable(all);
      const { formatTable } = await import("./format-table.ts");
      await writeChunk(stdout, printLines(formatTable(all, stdout.columns || undefined)));
    },
  };
}
