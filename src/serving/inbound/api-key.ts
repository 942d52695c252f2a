import { queryDecode } from "../../base/percent-decoding.ts";
import { Refusal } from "../refusal.ts";
import { callerByKey } from "./caller-by-key.ts";
import type { Caller } from "./guard.ts";
import type { InboundKind } from "./inbound-kind.ts";
import { Challenge, fieldBytes, REALM } from "./presented.ts";

/** No registered scheme stands for keys, and RFC 9110 asks for a challenge (15.5.2). */
const CHALLENGE = { "www-authenticate": `ApiKey realm="${REALM}"` };
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;

/** A key in a header or in the query string. */
export const apiKey: InboundKind = {
  fields: ["value"],
  optionalFields: [],
  publicFields: [],
  problem({ key, placement }) {
    if (key === undefined || key === "")
      return `names no ${placement === "query" ? "query parameter" : "header"}: add "key"`;
    if (placement === "header" && !HEADER_NAME.test(key))
      return `has the key ${JSON.stringify(key)}, which is no name of a header`;
    return undefined;
  },
  open({ key = "", placement }, { value = "" }, { tenants }) {
    const callerOf = callerByKey("apikey", value, tenants);
    const name = key.toLowerCase();
    const place = placement === "query" ? `query parameter ${JSON.stringify(key)}` : `header ${JSON.stringify(key)}`;
    const admitted = (caller: Caller | undefined): Caller => {
      if (caller === undefined) throw new Refusal(401, `The key in the ${place} is wrong`, CHALLENGE);
      return caller;
    };
    return {
      resource: undefined,
      admit({ headers, url = "" }) {
        const presented = placement === "query" ? queryValue(url, key) : headerBytes(headers[name]);
        if (presented === undefined) throw new Challenge(`This server asks for a key in the ${place}`, CHALLENGE);
        const found = callerOf(presented);
        return found instanceof Promise ? found.then(admitted) : admitted(found);
      },
    };
  },
};

/** Returns the value of a header. One that came several times is joined by Node, and equals no key. */
function headerBytes(value: string | readonly string[] | undefined): Uint8Array | undefined {
  return value === undefined ? undefined : fieldBytes(String(value));
}

/** Returns the value of a query parameter. Several values are joined, and equal no key. */
function queryValue(url: string, key: string): string | undefined {
  const start = url.indexOf("?");
  if (start < 0) return undefined;
  const values: string[] = [];
  for (const pair of url.slice(start + 1).split("&")) {
    const end = pair.indexOf("=");
    if (end > 0 && queryDecode(pair.slice(0, end)) === key) values.push(queryDecode(pair.slice(end + 1)));
  }
  return values.length === 0 ? undefined : values.join("\0");
}
