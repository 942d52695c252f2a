import { symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { Scripts } from "../../../src/engine/scripts/scripts.ts";
import type { ScriptingSettings, ScriptStep } from "../../../src/language/model/exposed/types.ts";
import { runScript, scripting, scriptStep, scriptsIn } from "../../support/run-script.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

describe("run()", () => {
  test.each<[string, string, unknown, unknown]>([
    [
      "inputs and outputs of steps",
      "result = context['list-orders'].length + context.limit",
      { "list-orders": [1, 2], limit: 3 },
      5,
    ],
    ["an object", "result = { n: context.a, s: 'é😀' }", { a: null }, { n: null, s: "é😀" }],
    [
      "a list",
      "result = context.rows.filter(function (r) { return r.sum > 1 })",
      { rows: [{ sum: 1 }, { sum: 2 }] },
      [{ sum: 2 }],
    ],
    ["bare assignments and var", "n = 1; var m = 2; result = n + m", {}, 3],
    ["a result of null", "result = null", {}, null],
    ["a result of false", "result = false", {}, false],
    [
      "a large integer as it is",
      "result = { id: context.id, type: typeof context.id, next: context.id + 1n }",
      { id: 12345678901234567890n },
      { id: 12345678901234567890n, type: "bigint", next: 12345678901234567891n },
    ],
    [
      "a large integer in a copy by JSON",
      "result = JSON.parse(JSON.stringify(context)).ids.length + ' ' + JSON.stringify(context.ids)",
      { ids: [9007199254740993n] },
      "1 [9007199254740993]",
    ],
    [
      "other numbers beside a large one",
      "result = [context.a + 1, context.b]",
      { a: 1, b: 0.5, c: 2n ** 70n },
      [2, 0.5],
    ],
    [
      "__proto__ in the context",
      "result = Object.keys(context.a)",
      { a: JSON.parse('{"__proto__":1,"b":2}') },
      ["__proto__", "b"],
    ],
    ["an async function", "(async function () { await null; result = 'later' })()", {}, "later"],
    ["a class and a regular expression", "class A { x = 1 }; result = new A().x + 'a1'.replace(/\\d/g, '')", {}, "1a"],
  ])("gives %s", async (_, script, context, expected) => {
    expect(await runScript(script, context)).toEqual(expected);
  });

  test("runs dependencies first, in order, in the same global scope", async () => {
    const scripts = await scriptsIn({
      "lib/a.js": "var base = 1; function twice(x) { return 2 * x }",
      "lib/b.js": "base = twice(base + context.n)",
      "main.js": "result = base",
    });
    const step = scriptStep({ dependencies: ["lib/a.js", "lib/b.js"] });
    expect(await scripts.run(step, { n: 4 }, undefined)).toBe(10);
  });

  test("names the file and line of an error in a dependency", async () => {
    const scripts = await scriptsIn({ "lib/a.js": "\n\nnull.x", "main.js": "result = 1" });
    await expect(scripts.run(scriptStep({ dependencies: ["lib/a.js"] }), {}, undefined)).rejects.toMatchObject({
      code: "SCRIPT_FAILED",
      message: expect.stringMatching(/^Step "totals": script lib\/a\.js, line 3: TypeError: /),
      details: { step: "totals", file: "main.js", reason: "error" },
      pointer: "/capability",
    });
  });

  test("begins each call anew", async () => {
    const scripts = await scriptsIn({
      "main.js": "result = [typeof kept, {}.polluted]; kept = 1; Object.prototype.polluted = 1; JSON.parse = null",
    });
    for (let call = 0; call < 5; call++) {
      expect(await scripts.run(scriptStep({}), {}, undefined)).toEqual(["undefined", null]);
    }
  });

  test("goes on after scripts that were ended", async () => {
    const scripts = await scriptsIn(
      { "main.js": "result = context.loops ? [].indexOf.call({ length: 2 ** 53 - 1 }, 1) : 1" },
      { timeoutMs: 50, statementLimit: 1e9 },
    );
    const outcomes = await Promise.all(
      [true, false, true, false, true, false].map(loops =>
        scripts.run(scriptStep({}), { loops }, undefined).catch(error => error.details.reason),
      ),
    );
    expect(outcomes).toEqual(["timeout", 1, "timeout", 1, "timeout", 1]);
  });

  test("ends at once when its signal is aborted, also while it waits", async () => {
    const scripts = await scriptsIn({ "main.js": "for (;;) {}" }, { statementLimit: 1e15 });
    const controller = new AbortController();
    const reason = new Error("gone");
    const runs = Array.from({ length: 8 }, () => scripts.run(scriptStep({}), {}, controller.signal));
    setTimeout(() => controller.abort(reason), 100);
    for (const run of await Promise.allSettled(runs)) expect(run).toEqual({ status: "rejected", reason });
  });

  test("reads a file again that has changed", async () => {
    const folder = await temporaryFolder({ "main.js": "result = 1" });
    const scripts = new Scripts(scripting({ defaultLocation: "file:///./" }), {
      directory: folder,
      cwd: "/",
      roots: [],
      env: {},
      numbers: "bigint",
    });
    expect(await scripts.run(scriptStep({}), {}, undefined)).toBe(1);
    await writeFile(path.join(folder, "main.js"), "result = 2");
    await utimes(path.join(folder, "main.js"), 1, 1);
    expect(await scripts.run(scriptStep({}), {}, undefined)).toBe(2);
  });

  test("counts what it has run", async () => {
    const scripts = await scriptsIn({ "main.js": "result = context.a.b" });
    expect(scripts.stats).toEqual({
      totalExecutions: 0,
      totalErrors: 0,
      averageDurationMs: 0,
      lastExecutionAt: undefined,
    });
    await scripts.run(scriptStep({}), { a: {} }, undefined);
    await scripts.run(scriptStep({}), {}, undefined).catch(() => {});
    expect(scripts.stats).toEqual({
      totalExecutions: 2,
      totalErrors: 1,
      averageDurationMs: expect.any(Number),
      lastExecutionAt: expect.any(Number),
    });
  });

  test("refuses a context that is too large", async () => {
    await expect(runScript("result = 1", { a: "x".repeat(17 * 1024 * 1024) })).rejects.toMatchObject({
      details: { reason: "memory" },
    });
  });
});

describe("settings", () => {
  const environments: readonly [string, Partial<ScriptingSettings>, Record<string, string>, boolean][] = [
    ["nothing", {}, {}, true],
    ["NAFTIKO_SCRIPTING=false", {}, { NAFTIKO_SCRIPTING: "false" }, false],
    ["IKANOS_SCRIPTING=FALSE", {}, { IKANOS_SCRIPTING: "FALSE" }, false],
    ["NAFTIKO_SCRIPTING=true", {}, { NAFTIKO_SCRIPTING: "true" }, true],
    ["enabled: true beside the variable", { enabled: true }, { NAFTIKO_SCRIPTING: "false" }, true],
    ["enabled: false", { enabled: false }, {}, false],
  ];
  test.each(environments)("with %s", async (_, settings, env, isEnabled) => {
    const directory = await temporaryFolder({ "main.js": "result = 1" });
    const scripts = new Scripts(scripting({ defaultLocation: "file:///./", ...settings }), {
      directory,
      cwd: "/",
      roots: [],
      env,
      numbers: "bigint",
    });
    const outcome = await scripts.run(scriptStep({}), {}, undefined).catch(error => error.details.reason);
    expect(outcome).toBe(isEnabled ? 1 : "disabled");
  });

  test.each<[string, Partial<ScriptingSettings>, Partial<ScriptStep>, unknown]>([
    ["python", {}, { language: "python" }, /scripts in "python" cannot be run here: write it in javascript/],
    ["groovy", {}, { language: "groovy" }, /scripts in "groovy" cannot be run here/],
    [
      "a language that is not allowed",
      { allowedLanguages: ["python"] },
      {},
      /scripts in "javascript" are not allowed, only in: python/,
    ],
    ["no language at all", {}, { language: undefined }, /no language is given/],
    ["no folder at all", { defaultLocation: undefined }, {}, /no folder is given/],
  ])("refuses %s", async (_, settings, more, message) => {
    const scripts = await scriptsIn({ "main.js": "result = 1" }, settings);
    await expect(scripts.run(scriptStep(more), {}, undefined)).rejects.toThrow(message as RegExp);
  });

  test("give what a step leaves out, and may change", async () => {
    const scripts = await scriptsIn({ "a/main.js": "result = 'a'", "b/main.js": "for (;;) {}" });
    const step = scriptStep({ language: undefined, location: undefined });
    scripts.change({ defaultLanguage: "javascript", defaultLocation: "file:///./a" });
    expect(await scripts.run(step, {}, undefined)).toBe("a");
    scripts.change({ defaultLocation: "file:///./b", statementLimit: 1e15, timeoutMs: 20 });
    await expect(scripts.run(step, {}, undefined)).rejects.toThrow("it did not end within 20 ms");
  });
});

describe("files", () => {
  const outside = temporaryFolder({ "secret.js": "result = 'outside'" });
  const cases: readonly [string, Partial<ScriptStep>, string | RegExp][] = [
    ["a path below", { file: "lib/a.js" }, "lib"],
    ["a relative location", { location: "file:///./lib", file: "a.js" }, "lib"],
    ["another form of it", { location: "file://./lib", file: "a.js" }, "lib"],
    ["a location with a slash behind", { location: "file:///./lib/", file: "a.js" }, "lib"],
    ["a link inside", { file: "inner.js" }, "lib"],
    ["a file that is missing", { file: "none.js" }, /none\.js cannot be read: there is no such file/],
    ["a folder", { file: "lib" }, /lib cannot be read: it is not a file/],
    ["a way up", { file: "../x.js" }, /"\.\.\/x\.js" is not a path below a folder/],
    ["a way up in the middle", { file: "lib/../../x.js" }, /is not a path below a folder/],
    ["an absolute path", { file: "/etc/passwd" }, /is not a path below a folder/],
    ["an empty name", { file: "" }, /is not a path below a folder/],
    ["a name with other characters", { file: "a b.js" }, /is not a path below a folder/],
    ["a backslash", { file: "lib\\a.js" }, /is not a path below a folder/],
    ["NUL", { file: "a\0.js" }, /is not a path below a folder/],
    ["a dependency that leads up", { dependencies: ["../x.js"] }, /is not a path below a folder/],
    ["a link that leads out", { file: "outer.js" }, /outer\.js leads out of /],
    ["a linked folder that leads out", { location: "file:///./outer", file: "secret.js" }, /is outside /],
    ["a location outside", { location: "file:///etc", file: "passwd" }, /\/etc is outside /],
    ["a location that leads up", { location: "file:///./../", file: "a.js" }, /is outside /],
    ["a folder that is missing", { location: "file:///./none", file: "a.js" }, /there is no folder /],
    ["another scheme", { location: "https://a.test/", file: "a.js" }, /is not the file: URL of a folder/],
    ["no scheme", { location: "./lib", file: "a.js" }, /is not the file: URL of a folder/],
    ["a file of more than 1 MiB", { file: "large.js" }, /it is larger than 1048576 bytes/],
  ];
  test.each(cases)("with %s", async (_, more, expected) => {
    const directory = await temporaryFolder({
      "main.js": "result = 'main'",
      "lib/a.js": "result = 'lib'",
      "large.js": " ".repeat(1024 * 1024 + 1),
    });
    await symlink(path.join(directory, "lib/a.js"), path.join(directory, "inner.js"));
    await symlink(path.join(await outside, "secret.js"), path.join(directory, "outer.js"));
    await symlink(await outside, path.join(directory, "outer"));
    const scripts = new Scripts(scripting({ defaultLocation: "file:///./" }), {
      directory,
      cwd: "/",
      roots: [],
      env: {},
      numbers: "bigint",
    });
    const step = scriptStep({ ...more, directory });
    const outcome: unknown = await scripts.run(step, {}, undefined).catch(error => error);
    if (typeof expected === "string") expect(outcome).toBe(expected);
    else {
      const message = expect.stringMatching(expected);
      expect(outcome).toMatchObject({ code: "SCRIPT_FAILED", message, details: { reason: "file" } });
    }
  });

  test("are read where the caller allows it, and the error names the option", async () => {
    const folder = await outside;
    const step = scriptStep({ location: `file://${folder}`, file: "secret.js" });
    const surroundings = { directory: "/work", cwd: "/", roots: [], env: {}, numbers: "bigint" } as const;
    await expect(new Scripts(undefined, surroundings).run(step, {}, undefined)).rejects.toMatchObject({
      remedies: [{ option: "scriptRoots", value: [folder] }],
    });
    for (const allowed of [{ roots: [folder] }, { cwd: folder }]) {
      expect(await new Scripts(undefined, { ...surroundings, ...allowed }).run(step, {}, undefined)).toBe("outside");
    }
  });
});
