import type { PagesOptions } from "./call-options.ts";
import type { Page } from "./pagination/page.ts";
import { withAdded } from "./request/added-fields.ts";
import type { Inputs } from "./request/check-inputs.ts";
import type { Runtime } from "./runtime.ts";

/** Walks the pages of a list: each is asked for when the loop comes to it, and has a deadline of its own. */
export async function* pagesOf(
  runtime: Runtime,
  reference: string,
  inputs: Inputs,
  options: PagesOptions,
): AsyncGenerator<Page, void, undefined> {
  runtime.requireOpen();
  const { pagination, maxPages, maxItems, ...given } = options;
  const { walkPages } = await import("./pagination/walk-pages.ts");
  const operation = runtime.find(reference);
  const ofCall = await runtime.permit(operation, inputs, given);
  const watch = runtime.watch(operation);
  let address = "";
  try {
    const pages = walkPages({
      operation: withAdded(operation, ofCall),
      inputs,
      pagination,
      maxPages,
      maxItems,
      baseUri: () => runtime.baseUri(operation, inputs, ofCall),
      async call(page) {
        const part = { url: page.url, watch };
        const {
          request,
          url = request.url,
          ...answer
        } = await runtime.call(operation.reference, page.inputs, ofCall, "value", part);
        address = url;
        return { ...answer, url, inputs: page.inputs };
      },
    });
    for await (const page of pages) {
      watch?.page(page.page, page.items, address);
      yield page;
    }
  } catch (error) {
    watch?.done(error);
    throw await runtime.presented(error);
  } finally {
    watch?.done();
  }
}
