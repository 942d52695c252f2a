import { isUtf8 } from "node:buffer";
import type { WholeRequest } from "../../../net/whole-request.ts";
import { usageError } from "../usage-error.ts";
import type { MarkerSource } from "./marker-source.ts";
import type { Pieces, ShownRequest } from "./pieces.ts";

/** Cuts a request at the marks in it. */
export function readRequest(
  { method, url, headers, body }: WholeRequest,
  markers: Pick<MarkerSource, "split" | "isIn">,
): ShownRequest {
  const split = (text: string) => markers.split(text.toWellFormed());
  return {
    method,
    url: split(url),
    headers: Object.entries(headers).map(([name, value]) => [name, splitHeader(value, split)] as const),
    body: body === undefined ? undefined : readBody(body, split, markers),
  };
}

/** Cuts a header at its marks, which are in base64 for Basic credentials. */
function splitHeader(value: string, split: (text: string) => Pieces): Pieces {
  const [scheme, encoded] = /^(Basic )([\w+/]+=*)$/.exec(value)?.slice(1) ?? [];
  if (scheme === undefined || encoded === undefined) return split(value);
  const pieces = split(Buffer.from(encoded, "base64").toString("utf8"));
  return pieces.every(piece => typeof piece === "string") ? [value] : [scheme, { kind: "base64", pieces }];
}

function readBody(
  body: string | Uint8Array,
  split: (text: string) => Pieces,
  markers: Pick<MarkerSource, "isIn">,
): Pieces | Uint8Array {
  if (typeof body === "string") return split(body);
  if (isUtf8(body)) return split(Buffer.from(body).toString("utf8"));
  if (!markers.isIn(body)) return body;
  throw usageError(
    "Cannot show the call: the body is not text and holds the value of a variable; --show-secrets prints the value",
  );
}
