import { describe, expect, it } from "vitest";
import { member } from "../../../src/base/json-object.ts";
import { authentications } from "../../../src/engine/authentication/authentications.ts";

const places: readonly {
  type: string;
  declaration: { readonly key?: string; readonly placement?: string };
  place: object | string;
}[] = [
  { type: "bearer", declaration: {}, place: { in: "header", name: "authorization" } },
  { type: "basic", declaration: {}, place: { in: "header", name: "authorization" } },
  { type: "apikey", declaration: { key: "X-Key" }, place: { in: "header", name: "x-key" } },
  {
    type: "apikey",
    declaration: { key: "X-Key", placement: "header" },
    place: { in: "header", name: "x-key" },
  },
  {
    type: "apikey",
    declaration: { key: "X-Key", placement: "query" },
    place: { in: "query", name: "X-Key" },
  },
  { type: "apikey", declaration: {}, place: 'its "key" is missing' },
  { type: "apikey", declaration: { key: "" }, place: 'its "key" is missing' },
  {
    type: "apikey",
    declaration: { key: "k", placement: "cookie" },
    place: 'its "placement" is "cookie", not "header" or "query"',
  },
];

const credentials: readonly [type: string, values: Readonly<Record<string, string>>, credential: string][] = [
  ["bearer", { token: "t" }, "Bearer t"],
  // The example of RFC 7617, 2.
  ["basic", { username: "Aladdin", password: "open sesame" }, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="],
  // The example of RFC 7617, 2.1.
  ["basic", { username: "test", password: "123\u00a3" }, "Basic dGVzdDoxMjPCow=="],
  ["apikey", { value: "v" }, "v"],
];

describe("authentications", () => {
  it.each(places)("$type with $declaration goes to $place", ({ type, declaration, place }) => {
    expect(member(authentications, type)?.place({ ...declaration, fields: new Set() })).toEqual(place);
  });

  it.each(credentials)("%s of %j is %s", (type, values, credential) => {
    const kind = member(authentications, type);
    if (kind === undefined || "open" in kind) throw new Error(`"${type}" is no static kind`);
    expect(kind.credential(values)).toBe(credential);
    expect(kind.fields).toEqual(Object.keys(values));
  });
});
