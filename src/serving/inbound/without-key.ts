import { queryDecode } from "../../base/percent-decoding.ts";
import type { InboundAuthentication } from "../../language/model/exposed/types.ts";

/** Returns a query string without the key that its caller presented: no API has to know it. */
export function withoutKey(search: string, authentication: InboundAuthentication | undefined): string {
  if (authentication?.type !== "apikey" || authentication.placement !== "query" || search === "") return search;
  const pairs = search.split("&");
  const kept = pairs.filter(pair => queryDecode(pair.split("=", 1)[0] ?? "") !== authentication.key);
  return kept.length === pairs.length ? search : kept.join("&");
}
