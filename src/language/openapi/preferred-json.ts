import { isJsonType } from "../../base/media-types.ts";

/** JSON itself, with or without parameters, and not a format that is written in it. */
export const PLAIN_JSON: RegExp = /^application\/json\s*(?:;|$)/i;

/** Chooses the media type of JSON among several: JSON itself, else the first format that is written in it. */
export function preferredJson<Media extends { readonly type: string }>(all: readonly Media[]): Media | undefined {
  return all.find(({ type }) => PLAIN_JSON.test(type)) ?? all.find(({ type }) => isJsonType(type));
}
