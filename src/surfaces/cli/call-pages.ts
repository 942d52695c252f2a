import { countOf } from "../../base/count-of.ts";
import { pagesOf } from "../../engine/pages-of.ts";
import { describePagination } from "../../engine/pagination/describe-pagination.ts";
import type { Page } from "../../engine/pagination/page.ts";
import { type Call, confirmAt, includeHead, shownValue } from "./call.ts";
import { createItemWriter } from "./item-writer.ts";
import { createProgress } from "./progress.ts";

/**
 * Walks the pages of a list and writes the items of each as soon as it is there; the outputs of a page where it has no
 * items. Whatever ends the walk, what was written is whole.
 */
export async function callPages(call: Call, beforeResult: () => void): Promise<void> {
  const { capability, operation, inputs, parsed, context, notes } = call;
  const progress = createProgress(context, parsed);
  const writer = await createItemWriter(parsed, context);
  const options = { ...parsed.pages, signal: context.signal, confirm: confirmAt(parsed, context) };
  const pages = pagesOf(capability, operation.reference, inputs, options);
  let items = 0;
  let last: Page | undefined;
  let isComplete = false;
  try {
    for await (const page of pages) {
      progress.clear();
      if (last === undefined) {
        beforeResult();
        // The API names the members that a path goes through.
        notes.add(`note: ${describeWay(page)}`);
      }
      last = page;
      await includeHead(page, call);
      const values = page.items ?? [page.outputs];
      await writer.write(values.map(value => shownValue(call, value)));
      items += values.length;
      if (page.more) progress.show(`${countOf(page.page, "page")}, ${countOf(items, "item")}…`);
    }
    isComplete = true;
  } finally {
    progress.clear();
    await writer.end(isComplete);
  }
  if (last?.more)
    notes.add(`note: stopped after ${countOf(last.page, "page")}, ${countOf(items, "item")}: there are more`);
  notes.flush();
}

function describeWay({ pagination, items }: Page): string {
  const printed = items === undefined ? "; no list of items found, so each page is printed" : "";
  if (pagination === undefined) return `the first answer is the whole list${printed}`;
  return `pages found by ${describePagination(pagination)}${printed}`;
}
