import { existsSync, readFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { findProgram } from "../../../src/engine/binds/exec/run-program.ts";
import { splitCommand } from "../../../src/engine/binds/exec/split-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { type LookedUp, lookUp } from "./support.ts";

/** Programs by name, in the language of the shell that runs them. */
const PROGRAMS = {
  "print-value": 'printf "value of %s\\n" "$1"',
  "print-args": 'for a in "$@"; do printf "[%s]" "$a"; done',
  "print-json": `echo '{"token": "from json", "n": 7, "o": {"a": 1}}'`,
  "print-env": 'printf %s "$GIVEN"',
  "print-folder": "pwd",
  "count-runs": 'echo x >> "$1"; echo counted',
  "print-nothing": "true",
  "print-megabytes": "head -c 3000000 /dev/zero | tr '\\\\0' x",
  "print-bytes": "printf '\\377'",
  "fail-silently": "exit 3",
  fail: 'echo "s3cret-of-the-store"; echo "cannot unlock s3cret-of-the-store with $STORE_TOKEN" >&2; echo "second line" >&2; exit 1',
  hang: '(echo > "$1/started"; sleep 0.5; echo > "$1/late") & sleep 600',
} as const;

let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await temporaryFolder(
    Object.fromEntries(Object.entries(PROGRAMS).map(([name, text]) => [name, `#!/bin/sh\n${text}\n`])),
  );
  await Promise.all(Object.keys(PROGRAMS).map(name => chmod(path.join(folder, name), 0o755)));
  env = { PATH: `${folder}:${process.env["PATH"]}`, GIVEN: "given", STORE_TOKEN: "st0re-token" };
});

const run = (command: string, more: Partial<LookedUp> = {}) =>
  lookUp({
    location: `exec:${command}`,
    surroundings: { env, cwd: folder },
    ...more,
    variable: { fromConfig: true, ...more.variable },
  });

describe("exec: locations", () => {
  it.each([
    ["print-value {key}", "value of token"],
    [" print-value  op://vault/{key}/x", "value of op://vault/token/x"],
    ["print-args 'a b' \"c 'd\" e'f g'h \"\"", "[a b][c 'd][ef gh][]"],
    ["print-args $HOME `id` $(id) ; && | * ~ \\n", "[$HOME][`id`][$(id)][;][&&][|][*][~][\\n]"],
    ["print-json", "from json"],
    ["print-json {key}", '{"token": "from json", "n": 7, "o": {"a": 1}}'],
    ["print-env", "given"],
  ])("%s", async (command, expected) => {
    expect(await run(command)).toBe(expected);
  });

  it("makes a key part of one argument, whatever is in it", async () => {
    const key = `a b'"; $& $(id)`;
    expect(await run("print-args -x={key} {key}", { key })).toBe(`[-x=${key}][${key}]`);
  });

  it("runs beside the configuration file", async () => {
    const directory = await temporaryFolder({});
    expect(await run("print-folder", { variable: { directory } })).toBe(directory);
  });

  it("runs a command once for all that it prints", async () => {
    const runs = path.join(folder, "runs");
    expect(await Promise.all([run(`count-runs ${runs}`), run(`count-runs ${runs}`)])).toEqual(["counted", "counted"]);
    expect(await run(`count-runs ${runs}`)).toBe("counted");
    expect(readFileSync(runs, "utf8")).toBe("x\n");
  });

  it.each([
    ["print-nothing", "the command prints nothing"],
    ["print-megabytes", "the command prints more than 65536 bytes"],
    ["print-bytes", "the output of the command is not UTF-8 text"],
    ["fail-silently", "the command ended with exit code 3"],
    ["fail", "the command ended with exit code 1: cannot unlock *** with ***"],
    ["print-json-not-there", "the command cannot be run: ENOENT"],
    ["print-value 'a", "the command has a ' without its end"],
    ["", "it names no command"],
    ["''", "it names no command"],
  ])("%s: %s", async (command, expected) => {
    expect(await run(command)).toBe(`error: ${expected}`);
  });

  it("tells what of the JSON is no text", async () => {
    expect(await run("print-json", { key: "o" })).toBe("error: the value of o is an object, not a text");
    expect(await run("print-json", { key: "none" })).toBeUndefined();
  });

  it("ends a command that hangs, and what it has started", async () => {
    const place = await temporaryFolder({});
    const limit = new AbortController();
    const found = run(`hang ${place}`, { signal: limit.signal });
    while (!existsSync(path.join(place, "started"))) await setTimeout(5);
    limit.abort();
    expect(await found).toBe("error: the command was ended by SIGKILL");
    await setTimeout(700);
    expect(existsSync(path.join(place, "late"))).toBe(false);
  });

  it("runs nothing for a capability file", async () => {
    const runs = path.join(folder, "untrusted");
    const found = await lookUp({
      location: `exec:count-runs ${runs}`,
      surroundings: { env, cwd: folder },
    });
    expect(found).toContain("a capability file may not run commands");
    expect(existsSync(runs)).toBe(false);
  });
});

describe("splitCommand()", () => {
  it.each([
    ["a", ["a"]],
    ["  a\tb\n c ", ["a", "b", "c"]],
    [`a "b c"d 'e "f'`, ["a", "b cd", 'e "f']],
    ["a '' \"\"", ["a", "", ""]],
  ])("%j", (text, expected) => {
    expect(splitCommand(text)).toEqual(expected);
  });
});

describe("findProgram()", () => {
  it.each([
    { what: "a name in PATH", name: "print-env", path: ["{bin}"], finds: true },
    {
      what: "a name in a later folder of PATH",
      name: "print-env",
      path: ["/nonexistent", "{bin}"],
      finds: true,
    },
    { what: "a path beside the configuration", name: "./print-env", path: [], finds: true },
    {
      what: "a name where PATH has an empty entry",
      name: "print-env",
      path: ["", "/nonexistent"],
      finds: false,
    },
    {
      what: "a name where PATH ends with a colon",
      name: "print-env",
      path: ["/nonexistent", ""],
      finds: false,
    },
    { what: "a name where PATH has the folder itself", name: "print-env", path: ["."], finds: false },
    { what: "a name where PATH has a relative folder", name: "print-env", path: ["../{base}"], finds: false },
    { what: "a name without a PATH", name: "print-env", path: [], finds: false },
    { what: "a folder", name: "below", path: ["{bin}"], finds: false },
    { what: "a file that cannot be run", name: "data", path: ["{bin}"], finds: false },
  ])("looks for $what: $finds", async ({ name, path: entries, finds }) => {
    const bin = await temporaryFolder({ "print-env": "#!/bin/sh\n", "below/x": "", data: "" });
    await chmod(path.join(bin, "print-env"), 0o755);
    const fill = (entry: string) => entry.replace("{bin}", bin).replace("{base}", path.basename(bin));
    const PATH = entries.map(fill).join(path.delimiter);
    expect(findProgram(name, { PATH }, bin)).toBe(finds ? path.join(bin, "print-env") : undefined);
  });
});
