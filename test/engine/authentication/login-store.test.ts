import { chmod, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { fileLoginMedium } from "../../../src/engine/authentication/login-media.ts";
import type { LoginStore, StoredTokens } from "../../../src/engine/authentication/login-store.ts";
import { sharedLoginStore } from "../../../src/engine/authentication/shared-login-store.ts";
import { openUserLoginStore } from "../../../src/engine/authentication/user-login-store.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const TOKENS = { accessToken: "a", refreshToken: "r", expiresAt: 7 };

function accessOnly(accessToken: string): StoredTokens {
  return { accessToken, refreshToken: undefined, expiresAt: undefined };
}

describe("fileLoginMedium()", () => {
  it("keeps, gives back, replaces and removes", async () => {
    const file = path.join(await temporaryFolder({}), "deep", "logins.json");
    const store = fileLoginMedium(file);
    expect(await store.read("one")).toBeUndefined();
    expect(await store.remove("one")).toBe(false);
    expect(await store.write("one", TOKENS)).toBe(file);
    await store.write("two", accessOnly("b"));
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
    await fileLoginMedium(file).write("one", TOKENS);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it.each(["", "{", "[]", "7", '{"one":7}', '{"one":{"accessToken":7}}', '{"__proto__":{"accessToken":"a"}}'])(
    "finds nothing in a damaged file %j, and replaces it",
    async content => {
      const file = path.join(await temporaryFolder({}), "logins.json");
      await writeFile(file, content);
      const store = fileLoginMedium(file);
      expect(await store.read("one")).toBeUndefined();
      await store.write("one", TOKENS);
      expect(await store.read("one")).toEqual(TOKENS);
    },
  );

  it("loses nothing when many write and remove at once", async () => {
    const file = path.join(await temporaryFolder({}), "logins.json");
    const store = fileLoginMedium(file);
    const keys = Array.from({ length: 20 }, (_, index) => `key ${index}`);
    await store.write("old", TOKENS);
    await Promise.all([store.remove("old"), ...keys.map(key => store.write(key, TOKENS))]);
    expect(Object.keys(JSON.parse(await readFile(file, "utf8")) as object).sort()).toEqual(keys.sort());
    expect(await readdir(path.dirname(file))).toEqual(["logins.json"]);
  });
});

describe("sharedLoginStore()", () => {
  const newer = accessOnly("newer");
  const renewed = accessOnly("renewed");
  it.each([
    { of: "a login", change: (store: LoginStore) => store.write("one", newer), left: newer },
    { of: "a logout", change: (store: LoginStore) => store.remove("one"), left: undefined },
  ])("does not let a refresh that runs undo $of", async ({ change, left }) => {
    const folder = await temporaryFolder({});
    const medium = fileLoginMedium(path.join(folder, "logins.json"));
    // Two of them, as in two processes: they have nothing in common but the folder.
    const [refreshing, changing] = [sharedLoginStore(medium, folder), sharedLoginStore(medium, folder)];
    await refreshing.write("one", TOKENS);
    let changed: Promise<unknown> = Promise.resolve();
    const renewing = refreshing.renew(
      "one",
      async () => {
        changed = change(changing);
        await new Promise(resolve => setTimeout(resolve, 20));
        return renewed;
      },
      new AbortController().signal,
    );
    expect(await renewing).toEqual(renewed);
    await changed;
    expect(await refreshing.read("one")).toEqual(left);
    expect((await readdir(folder)).sort()).toEqual(["logins.json"]);
  });

  it("gives a second refresh what the first one has got", async () => {
    const folder = await temporaryFolder({});
    const store = sharedLoginStore(fileLoginMedium(path.join(folder, "logins.json")), folder);
    await store.write("one", TOKENS);
    const seen: unknown[] = [];
    const renew = (index: number) =>
      store.renew(
        "one",
        async stored => {
          seen.push(stored);
          return accessOnly(`renewed ${index}`);
        },
        new AbortController().signal,
      );
    await Promise.all([renew(1), renew(2)]);
    expect(seen[1]).toEqual({ accessToken: expect.stringMatching(/^renewed [12]$/) });
    expect(seen[0]).toEqual(TOKENS);
  });

  it.each([
    { of: "is a file", link: undefined, reason: /EEXIST|ENOTDIR/ },
    { of: "has a link in place of the lock", link: [".login-one.lock", "x"], reason: /ELOOP/ },
    {
      of: "is on a full disk",
      link: ["logins.json", "/dev/full"],
      reason: /ENOSPC: no space left on device/,
    },
  ])("refreshes nothing where its folder $of", async ({ link: [name = "", target = ""] = [], reason }) => {
    const files: Record<string, string> = name === "" ? { naftiko: "" } : { "naftiko/x": "" };
    const folder = path.join(await temporaryFolder({ ...files, kept: "" }), "naftiko");
    if (name !== "") await symlink(target, path.join(folder, name));
    const store = sharedLoginStore(fileLoginMedium(path.join(folder, "..", "kept")), folder);
    let asked = 0;
    const renewing = store.renew(
      "one",
      async () => {
        asked++;
        return renewed;
      },
      new AbortController().signal,
    );
    await expect(renewing).rejects.toMatchObject({
      code: "AUTHENTICATION_FAILED",
      details: { reason: "login_not_kept" },
      message: expect.stringMatching(reason),
    });
    expect(asked).toBe(0);
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
