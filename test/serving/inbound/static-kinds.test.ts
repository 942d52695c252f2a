import { describe, expect, it } from "vitest";
import { markedSecret } from "../../support/marked-secret.ts";
import { type Declared, guardOf, startGuarded } from "./guarded-server.ts";

const SECRET = markedSecret("päß/word+1");
const ENV = { TOKEN: SECRET };

const basicOf = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
/** A value as clients send it that write UTF-8. */
const utf8 = (text: string): string => Buffer.from(text).toString("latin1");

describe("basic, bearer and apikey", () => {
  const basic = { type: "basic", username: "ann", password: "{{TOKEN}}" };
  const bearer = { type: "bearer", token: "{{env.TOKEN}}" };
  const header = { type: "apikey", key: "X-Shop-Key", value: "{{TOKEN}}" };
  const query = { type: "apikey", key: "api_key", value: "{{TOKEN}}", placement: "query" };

  it.each<[declaration: Declared, headers: object, path: string]>([
    [basic, { authorization: basicOf("ann", SECRET) }, "/"],
    [basic, { authorization: basicOf("ann", SECRET).replace("Basic", "bASIC") }, "/"],
    [bearer, { authorization: utf8(`Bearer ${SECRET}`) }, "/"],
    [bearer, { authorization: utf8(`BEARER   ${SECRET}`) }, "/"],
    [header, { "x-SHOP-key": utf8(SECRET) }, "/"],
    [query, {}, `/?a=1&api_key=${encodeURIComponent(SECRET)}&b`],
    [query, {}, `/?api%5Fkey=${encodeURIComponent(SECRET)}`],
  ])("%j admits request %#", async (declaration, headers, path) => {
    const server = await startGuarded(declaration, { env: ENV });
    const answer = await server.ask(headers as Record<string, string>, path);
    expect(answer).toMatchObject({ status: 200, challenge: "" });
    expect(answer.body.caller).toMatch(/^[\w-]{43}$/);
  });

  it.each<[declaration: Declared, headers: object, path: string]>([
    [basic, {}, "/"],
    [basic, { authorization: "Basic" }, "/"],
    [basic, { authorization: "Basic !!!!" }, "/"],
    [basic, { authorization: "Basic YW5u" }, "/"],
    [basic, { authorization: basicOf("ann", "") }, "/"],
    [basic, { authorization: basicOf("", "") }, "/"],
    [basic, { authorization: basicOf("bob", SECRET) }, "/"],
    [basic, { authorization: basicOf("ann", `${SECRET}x`) }, "/"],
    [basic, { authorization: basicOf("ann", `${SECRET}\0`) }, "/"],
    [basic, { authorization: `${basicOf("ann", SECRET)}*` }, "/"],
    [basic, { authorization: basicOf("a".repeat(6000), SECRET) }, "/"],
    [basic, { authorization: utf8(`Bearer ${SECRET}`) }, "/"],
    [bearer, {}, "/"],
    [bearer, { authorization: "Bearer " }, "/"],
    [bearer, { authorization: "Bearer {{TOKEN}}" }, "/"],
    [bearer, { authorization: utf8(SECRET) }, "/"],
    [bearer, { authorization: utf8(`Bearer ${SECRET.toUpperCase()}`) }, "/"],
    [bearer, {}, `/?access_token=${encodeURIComponent(SECRET)}`],
    [header, {}, "/"],
    [header, { "x-shop-key": "" }, "/"],
    [header, { "x-shop-key": "{{TOKEN}}" }, "/"],
    [header, ["x-shop-key", utf8(SECRET), "x-shop-key", utf8(SECRET)], "/"],
    [header, {}, `/?X-Shop-Key=${encodeURIComponent(SECRET)}`],
    [query, {}, "/"],
    [query, {}, "/?api_key="],
    [query, {}, "/?api_key"],
    [query, { api_key: utf8(SECRET) }, "/"],
    [query, {}, `/?api_key=1&api_key=${encodeURIComponent(SECRET)}`],
    [query, {}, `/?${"api_key=&".repeat(1500)}`],
    [query, {}, "/?api_key=%zz"],
  ])("%j refuses request %#", async (declaration, headers, path) => {
    const server = await startGuarded(declaration, { env: ENV });
    const answer = await server.ask(headers as Record<string, string>, path);
    expect(answer).toMatchObject({ status: 401, body: { status: 401, title: "Unauthorized" } });
    expect(answer.challenge).toMatch(/^(?:Basic|Bearer|ApiKey) (?:error="invalid_token", )?realm="naftiko"/);
  });

  it("tells a request without a token from one with a wrong token", async () => {
    const server = await startGuarded(bearer, { env: ENV });
    expect((await server.ask()).challenge).toBe('Bearer realm="naftiko"');
    expect((await server.ask({ authorization: "Bearer x" })).challenge).toBe(
      'Bearer error="invalid_token", realm="naftiko"',
    );
    const other = await startGuarded(basic, { env: ENV });
    expect((await other.ask()).challenge).toBe('Basic realm="naftiko", charset="UTF-8"');
  });

  it.each([
    ["authorization", basicOf("ann", SECRET)],
    ["Authorization", "Bearer other"],
  ])("refuses a second field %s: %s", async (name, value) => {
    const server = await startGuarded(basic, { env: ENV });
    const fields = ["authorization", basicOf("ann", SECRET), name, value];
    expect(await server.ask(fields)).toMatchObject({ status: 400 });
  });

  it("admits everybody where nothing is declared", async () => {
    const server = await startGuarded(undefined);
    expect(await server.ask()).toMatchObject({ status: 200, body: { caller: "anybody" } });
  });

  it.each<[declaration: Declared, env: Record<string, string>, code: string, message: string]>([
    [
      bearer,
      {},
      "BIND_MISSING",
      '"token" of the bearer authentication of rest adapter "shop" has no value for TOKEN of bind "env"',
    ],
    [bearer, { TOKEN: "" }, "BIND_MISSING", '"token" of the bearer authentication'],
    [{ type: "bearer", token: "{{TOKEM}}" }, ENV, "BIND_MISSING", "TOKEM"],
    [{ type: "bearer", token: "" }, {}, "BIND_MISSING", "it is empty"],
    [{ type: "bearer", token: "  " }, {}, "BIND_MISSING", "it is empty"],
    [{ type: "bearer" }, {}, "BIND_MISSING", "it is not declared"],
    [{ type: "bearer", token: "{{TOKEN" }, ENV, "BIND_MISSING", '"token" of the bearer authentication'],
    [bearer, { TOKEN: "{{VAULT}}" }, "BIND_MISSING", 'still holds a "{{"'],
    [{ type: "basic", username: "ann" }, {}, "BIND_MISSING", '"password" of the basic authentication'],
    [{ type: "basic", username: "", password: "x" }, {}, "BIND_MISSING", '"username" of the basic authentication'],
    [{ type: "basic", username: "a:b", password: "{{TOKEN}}" }, ENV, "CAPABILITY_INVALID", 'has a ":" in its username'],
    [{ type: "digest", username: "ann", password: "{{TOKEN}}" }, {}, "BIND_MISSING", '"password" of the digest'],
    [{ type: "apikey", key: "X-Key", value: "{{TOKEN}}" }, {}, "BIND_MISSING", '"value" of the apikey'],
    [{ type: "apikey", value: "{{TOKEN}}" }, ENV, "CAPABILITY_INVALID", "names no header"],
    [{ type: "apikey", value: "{{TOKEN}}", placement: "query" }, ENV, "CAPABILITY_INVALID", "names no query parameter"],
    [{ type: "apikey", key: "X Key", value: "{{TOKEN}}" }, ENV, "CAPABILITY_INVALID", "no name of a header"],
  ])("does not start with %j where %j is set", async (declaration, env, code, message) => {
    const error = await guardOf(declaration, { env }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect((error as Error).message).not.toContain(SECRET);
  });
});
