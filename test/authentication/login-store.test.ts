import { chmod, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { fileLoginStore } from "../../src/authentication/file-login-store.ts";
import { openUserLoginStore } from "../../src/authentication/user-login-store.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const TOKENS = { accessToken: "a", refreshToken: "r", expiresAt: 7 };

describe("fileLoginStore()", () => {
  it("keeps, gives back, replaces and removes", async () => {
    const file = path.join(await temporaryFolder({}), "deep", "logins.json");
    const store = fileLoginStore(file);
    expect(await store.read("one")).toBeUndefined();
    expect(await store.remove("one")).toBe(false);
    expect(await store.write("one", TOKENS)).toBe(file);
    await store.write("two", { accessToken: "b" });
    await store.write("one", { ...TOKENS, accessToken: "c" });
    expect(await store.read("one")).toEqual({ ...TOKENS, accessToken: "c" });
    expect(await store.remove("one")).toBe(true);
    expect(await store.read("one")).toBeUndefined();
    expect(await store.read("two")).toEqual({ accessToken: "b" });
    expect(await readdir(path.dirname(file))).toEqual(["logins.json"]);
  });

  it("makes a file that others can read private again", async () => {
    const folder = await temporaryFolder({ "logins.json": "{}" });
    const file = path.join(folder, "logins.json");
    await chmod(file, 0o644);
    await fileLoginStore(file).write("one", TOKENS);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it.each([
    "",
    "{",
    "[]",
    "7",
    '{"one":7}',
    '{"one":{"accessToken":7}}',
    '{"__proto__":{"accessToken":"a"}}',
  ])("finds nothing in a damaged file %j, and replaces it", async content => {
    const file = path.join(await temporaryFolder({}), "logins.json");
    await writeFile(file, content);
    const store = fileLoginStore(file);
    expect(await store.read("one")).toBeUndefined();
    await store.write("one", TOKENS);
    expect(await store.read("one")).toEqual(TOKENS);
  });

  it("leaves nothing half-written when many write", async () => {
    const file = path.join(await temporaryFolder({}), "logins.json");
    const store = fileLoginStore(file);
    await Promise.all(Array.from({ length: 20 }, (_, index) => store.write(`key ${index}`, TOKENS)));
    expect(Object.keys(JSON.parse(await readFile(file, "utf8")) as object).length).toBeGreaterThan(0);
    expect(await readdir(path.dirname(file))).toEqual(["logins.json"]);
  });
});

describe("openUserLoginStore()", () => {
  it.each([
    ["XDG_STATE_HOME", "", "naftiko/logins.json"],
    ["HOME", "relative is no folder", ".local/state/naftiko/logins.json"],
  ])("keeps logins below %s", async (variable, state, expected) => {
    const folder = await temporaryFolder({});
    const env = { NAFTIKO_LOGINS: "file", XDG_STATE_HOME: state, [variable]: folder };
    const store = await openUserLoginStore(env);
    expect(await store.write("one", TOKENS)).toBe(path.join(folder, expected));
  });
});
