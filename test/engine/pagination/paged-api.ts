import type { Page } from "../../../src/engine/pagination/page.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

/** Answer of a paged API to a query: a body, and a `Link` header where it has one. */
export interface PagedAnswer {
  readonly body: unknown;
  readonly link?: string;
  readonly status?: number;
}

/** Starts an API that answers each request by its query, and by the body it was sent. */
export function startPagedApi(
  answer: (query: URLSearchParams, origin: string, body: string) => PagedAnswer,
): Promise<Upstream> {
  return startUpstream((request, response) => {
    const { searchParams } = new URL(request.url, "http://any.test");
    const origin = `http://${request.headers.host}`;
    const { body, link, status = 200 } = answer(searchParams, origin, request.body);
    if (link !== undefined) response.setHeader("link", link);
    answerJson(response, status, body);
  });
}

/** Returns the items of all pages, in order. */
export async function itemsOf(pages: AsyncIterable<Page>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const page of pages) items.push(...(page.items ?? [page.outputs]));
  return items;
}

/** Returns the error that ends a walk, and the items before. */
export async function failureOf(pages: AsyncIterable<Page>): Promise<{
  readonly items: readonly unknown[];
  readonly error: unknown;
}> {
  const items: unknown[] = [];
  try {
    for await (const page of pages) items.push(...(page.items ?? [page.outputs]));
  } catch (error) {
    return { items, error };
  }
  throw new Error(`The walk did not fail: ${JSON.stringify(items)}`);
}
