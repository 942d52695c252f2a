import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../../src/net/cache/open-database.ts";
import { type CacheOptions, createResponseCache } from "../../../src/net/cache/response-cache.ts";
import { MARK, markedSecret } from "../../support/marked-secret.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";
import { asker, MEDIA, openCache } from "./open-cache.ts";

let upstream: Upstream;

beforeEach(async () => {
  upstream = await startUpstream(({ url }, response) => {
    response.writeHead(200, {
      "cache-control": "max-age=60",
      "set-cookie": `session=${markedSecret("session")}`,
      vary: "authorization, accept-language",
    });
    const [, size = "10"] = /size=(\d+)/.exec(url) ?? [];
    response.end("x".repeat(Number(size)));
  });
});

afterEach(() => upstream.close());

function get(url: string, headers: Readonly<Record<string, string>> = {}) {
  return { method: "GET", url: upstream.url + url, headers };
}

describe.each(MEDIA)("a cache in %s", medium => {
  it.each<{ what: string; options: CacheOptions; size: number; asked: number; hits: number }>([
    { what: "entries", options: { maxEntries: 3 }, size: 10, asked: 10, hits: 3 },
    { what: "bytes", options: { maxBytes: 5_000 }, size: 1_500, asked: 10, hits: 2 },
    { what: "bytes of a body", options: { maxEntryBytes: 100 }, size: 101, asked: 2, hits: 0 },
    { what: "bytes of a body, to the last", options: { maxEntryBytes: 100 }, size: 100, asked: 2, hits: 2 },
  ])("is bounded in $what", async ({ options, size, asked, hits }) => {
    const cache = await openCache(medium, options);
    const ask = asker(cache);
    for (let number = 0; number < asked; number++) await ask(get(`/${number}?size=${size}`));
    const results: string[] = [];
    // The newest first: asking again keeps what was not there.
    for (let number = asked - 1; number >= asked - Math.max(hits, 1); number--)
      results.push((await ask(get(`/${number}?size=${size}`))).result);
    expect(results.filter(result => result === "hit").length).toBe(hits);
    expect((await ask(get(`/0?size=${size}`))).result).toBe(hits === asked ? "hit" : hits === 0 ? "asked" : "stored");
    await cache.close();
  });

  it("is bounded in variants of one URL", async () => {
    const cache = await openCache(medium, { maxEntries: 3 });
    const ask = asker(cache);
    for (let number = 0; number < 10; number++) await ask(get("/", { "x-api-key": `${number}` }));
    expect((await ask(get("/", { "x-api-key": "9" }))).result).toBe("hit");
    expect((await ask(get("/", { "x-api-key": "0" }))).result).toBe("stored");
    await cache.close();
  });

  it("holds to the longest answer that a call takes", async () => {
    const cache = await openCache(medium);
    const ask = asker(cache);
    await ask(get("/?size=100"));
    await expect(ask(get("/?size=100"), { maxResponseBytes: 99 })).rejects.toMatchObject({
      code: "RESPONSE_TOO_LARGE",
    });
    expect((await ask(get("/?size=100"), { maxResponseBytes: 100 })).result).toBe("hit");
    await cache.close();
  });

  it("gives answers that may be changed, without the cookies of another", async () => {
    const cache = await openCache(medium);
    const ask = asker(cache);
    const { response } = await ask(get("/"));
    response.body.fill(0);
    const second = await ask(get("/"));
    expect(second).toMatchObject({ result: "hit", text: "xxxxxxxxxx" });
    expect(second.response.headers).not.toHaveProperty("set-cookie");
    second.response.body.fill(0);
    expect((await ask(get("/"))).text).toBe("xxxxxxxxxx");
    await cache.close();
  });

  it("refuses a call that was aborted before", async () => {
    const cache = await openCache(medium);
    const ask = asker(cache);
    await ask(get("/"));
    await expect(ask(get("/"), { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
    await cache.close();
  });

  it("does not keep what comes piece by piece, and answers such a call from what it has", async () => {
    const cache = await openCache(medium);
    const ask = asker(cache);
    const streams = () => true;
    const { response } = await ask(get("/"), { streams });
    for await (const chunk of response.chunks ?? []) expect(chunk.length).toBe(10);
    expect((await ask(get("/"))).result).toBe("stored");
    expect(await ask(get("/"), { streams })).toMatchObject({ result: "hit", text: "xxxxxxxxxx" });
    await cache.close();
  });
});

describe("a cache in a file", () => {
  it("answers after it was closed, also another", async () => {
    const file = path.join(await temporaryFolder({}), "new", "folder", "answers.sqlite");
    for (const result of ["stored", "hit", "hit"]) {
      const cache = createResponseCache({ file });
      expect((await asker(cache)(get("/"))).result).toBe(result);
      await cache.close();
    }
    expect(upstream.requests.length).toBe(1);
  });

  it("holds no credential of a request or an answer, and is for its owner alone", async () => {
    const folder = await temporaryFolder({});
    const file = path.join(folder, "answers.sqlite");
    const cache = createResponseCache({ file });
    const ask = asker(cache);
    const headers = {
      authorization: `Bearer ${markedSecret("token")}`,
      cookie: `a=${markedSecret("cookie")}`,
      "x-api-key": markedSecret("key"),
      "accept-language": markedSecret("odd"),
    };
    for (const result of ["stored", "hit"])
      expect((await ask(get(`/?api_key=${markedSecret("query")}`, headers))).result).toBe(result);
    // SQLite keeps what is new in a file of its own beside it.
    const files = readdirSync(folder).map(name => path.join(folder, name));
    const held = files.map(name => readFileSync(name, "latin1")).join("\n");
    expect(held.includes("xxxxxxxxxx")).toBe(true);
    expect(held.includes(MARK)).toBe(false);
    for (const name of files) expect(statSync(name).mode & 0o777).toBe(0o600);
    await cache.close();
  });

  it.each<{
    what: string;
    make: (file: string) => Promise<void>;
    files?: Record<string, string>;
    says: RegExp;
  }>([
    {
      what: "some other file",
      files: { "a.sqlite": "no database ".repeat(100) },
      make: async () => {},
      says: /not a database/,
    },
    {
      what: "a database of something else",
      make: async file => {
        const database = await openDatabase(file);
        database.exec("CREATE TABLE contacts (name TEXT)");
        database.close();
      },
      says: /database of something else/,
    },
    { what: "a folder", files: { "a.sqlite/b": "" }, make: async () => {}, says: /is a folder/ },
  ])("does without where there is $what", async ({ make, files = {}, says }) => {
    const file = path.join(await temporaryFolder(files), "a.sqlite");
    await make(file);
    const warnings: string[] = [];
    const cache = createResponseCache({ file, onWarning: message => warnings.push(message) });
    const ask = asker(cache);
    for (const result of ["asked", "asked"]) expect((await ask(get("/"))).result).toBe(result);
    expect(warnings).toEqual([expect.stringMatching(says)]);
    expect(warnings[0]).toContain(file);
    await cache.close();
  });

  it("does without where the file is damaged meanwhile", async () => {
    const file = path.join(await temporaryFolder({}), "answers.sqlite");
    const warnings: string[] = [];
    const cache = createResponseCache({ file, onWarning: message => warnings.push(message) });
    const ask = asker(cache);
    await ask(get("/"));
    const other = await openDatabase(file);
    other.exec("DROP TABLE entry");
    other.close();
    for (const _ of [1, 2]) expect((await ask(get("/"))).response.status).toBe(200);
    expect(warnings.length).toBe(1);
    await cache.close();
  });

  it("does without what is damaged in it", async () => {
    const file = path.join(await temporaryFolder({}), "answers.sqlite");
    const cache = await openCache("file", { file });
    const ask = asker(cache);
    await ask(get("/"));
    const other = await openDatabase(file);
    other.exec("UPDATE entry SET head = '{'");
    other.close();
    for (const result of ["stored", "hit"]) expect((await ask(get("/"))).result).toBe(result);
    await cache.close();
  });

  it("does without while another process holds it", async () => {
    const file = path.join(await temporaryFolder({}), "answers.sqlite");
    const warnings: string[] = [];
    const cache = createResponseCache({ file, onWarning: message => warnings.push(message) });
    const ask = asker(cache);
    await ask(get("/"));
    const other = await openDatabase(file);
    other.exec("BEGIN IMMEDIATE");
    expect((await ask(get("/other"))).result).toBe("asked");
    expect((await ask(get("/another"))).result).toBe("asked");
    other.exec("ROLLBACK");
    other.close();
    expect(warnings).toEqual([expect.stringMatching(/another process holds it locked/)]);
    await cache.close();
  });

  it("removes later what it cannot remove while another process holds it", async () => {
    const file = path.join(await temporaryFolder({}), "answers.sqlite");
    const cache = createResponseCache({ file, onWarning: () => {} });
    const ask = asker(cache);
    await ask(get("/"));
    const other = await openDatabase(file);
    other.exec("BEGIN IMMEDIATE");
    await ask({ ...get("/"), method: "POST" });
    other.exec("ROLLBACK");
    expect(other.prepare("SELECT url FROM entry").all()).toHaveLength(1);
    await cache.close();
    expect(other.prepare("SELECT url FROM entry").all()).toEqual([]);
    other.close();
  });

  it("empties one of another version", async () => {
    const file = path.join(await temporaryFolder({}), "answers.sqlite");
    const first = createResponseCache({ file });
    await asker(first)(get("/"));
    await first.close();
    const database = await openDatabase(file);
    database.exec("PRAGMA user_version = 999");
    database.close();
    const second = createResponseCache({ file });
    for (const result of ["stored", "hit"]) expect((await asker(second)(get("/"))).result).toBe(result);
    await second.close();
  });
});

it.each<{ options: unknown; error: typeof TypeError | typeof RangeError; says: RegExp }>([
  { options: null, error: TypeError, says: /options must be an object/ },
  { options: { file: "" }, error: TypeError, says: /file must be a path/ },
  { options: { file: 1 }, error: TypeError, says: /file must be a path/ },
  { options: { maxBytes: "1" }, error: TypeError, says: /maxBytes must be a number/ },
  {
    options: { maxEntries: 0 },
    error: RangeError,
    says: /maxEntries must be a whole number from 1 on, found 0/,
  },
  { options: { maxEntryBytes: 1.5 }, error: RangeError, says: /maxEntryBytes must be .* found 1.5/ },
  { options: { onWarning: true }, error: TypeError, says: /onWarning must be a function/ },
])("createResponseCache() refuses $options", ({ options, error, says }) => {
  const create = () => createResponseCache(options as CacheOptions);
  expect(create).toThrow(error);
  expect(create).toThrow(says);
});
