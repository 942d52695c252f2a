import { spawn, spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runMain } from "../../../support/run-main.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { type ReceivedRequest, startUpstream, type Upstream } from "../../../support/upstream.ts";
import { SECRETS, showCapabilities } from "./show-capability.ts";

// The printed call is made as its reader would make it, and what a server received of it compared with what it received
// of the call itself. Where a machine lacks curl or Python, their tests are skipped and say so: nothing else of the
// package needs them. HTTPie, which few machines have, is tried where it is.

type Form = "curl" | "fetch" | "python" | "httpie";

const PROGRAMS: Readonly<Record<Form, { program: string; file: string }>> = {
  curl: { program: "sh", file: "call.sh" },
  fetch: { program: process.execPath, file: "call.mjs" },
  python: { program: "python3", file: "call.py" },
  httpie: { program: "sh", file: "call.sh" },
};

const MISSING: Readonly<Record<Form, string | undefined>> = {
  curl: missing("curl"),
  fetch: undefined,
  python: missing("python3"),
  httpie: missing("http"),
};

/** Written by whatever sends, for the connection. */
const TRANSPORT_HEADERS = ["host", "connection", "content-length", "accept-encoding"];
/** Nothing can keep these clients from adding them, … */
const ADDED_HEADERS: Readonly<Partial<Record<Form, readonly string[]>>> = {
  fetch: ["accept-language", "accept-encoding", "sec-fetch-mode"],
  httpie: ["accept-encoding"],
};

/** … nor from writing these in a query in the other way, which means the same. */
const REWRITTEN: Readonly<Partial<Record<Form, readonly (readonly [string, string])[]>>> = {
  fetch: [["%27", "'"]],
  httpie: [
    ["%5B", "["],
    ["%5D", "]"],
  ],
};

const ODD = `it's "odd" $HOME \`id\` \\ !! %41 + & é \u{1f511}\n\tline\r\n::error::x\n  ::y ##[z] ##vso[z]\u001b[31m\u200b\u2066\u{e0041}end`;
const HEADER = `it's "odd" $HOME \`id\` \\ !! ; : =`;

interface Case {
  readonly name: string;
  readonly capability?: string;
  readonly args: readonly string[];
  readonly stdin?: string;
  /** Forms that cannot make the call, and say so. */
  readonly refused?: readonly Form[];
  /** Path of the base URI. */
  readonly baseUri?: (url: string) => string;
}

const inputs = (value: object) => ["--inputs", JSON.stringify(value)];

const CASES: readonly Case[] = [
  {
    name: "a bearer token and odd inputs",
    args: ["get", "--q", ODD.replaceAll("'", ""), "--tag", "a b", "--tag", "-x"],
    capability: "bearer",
  },
  { name: "Basic credentials", args: ["get"], capability: "basic" },
  { name: "an API key in a header", args: ["get"], capability: "header" },
  { name: "an API key in the query", args: ["get", "--q", "1"], capability: "query" },
  { name: "an API key in the query of a body", args: ["write", "--body", "{}"], capability: "query" },
  { name: "odd headers", args: ["get", "--X-Odd", HEADER, "--X-Other", "@@file"] },
  {
    name: "empty and Latin-1 headers",
    args: ["get", "--X-Odd", "", "--X-Other", "é $HOME ü'"],
    refused: ["httpie"],
  },
  {
    name: "credentials of the caller",
    args: ["get", "--Authorization", "Bearer c4ller", "--session", "c4ller;é"],
  },
  { name: "variables in path, query, header and cookie", args: ["places", "--session", "s e"] },
  {
    name: "an odd JSON body",
    args: ["write", ...inputs({ body: { text: ODD, half: "\ud83d", nul: "\0" } })],
  },
  { name: "variables in a JSON body", args: ["json", "--given", ODD] },
  { name: "variables in a JSON text", args: ["json-text"] },
  { name: "variables in a form", args: ["form", "--given", ODD] },
  { name: "variables in XML", args: ["xml"] },
  { name: "variables in text", args: ["text"] },
  { name: "an odd text body", args: ["write-text", ...inputs({ body: ODD })] },
  { name: "a text body that begins with @", args: ["write-text", ...inputs({ body: "@/etc/hostname" })] },
  { name: "a text body that begins with a dash", args: ["write-text", ...inputs({ body: "-d x" })] },
  { name: "an empty text body", args: ["write-text", ...inputs({ body: "" })] },
  { name: "a text body that ends in line feeds", args: ["write-text", ...inputs({ body: "a\n\n" })] },
  { name: "half a surrogate pair", args: ["write-text", ...inputs({ body: "a\ud83dz" })] },
  { name: "control characters", args: ["write-text", ...inputs({ body: "\u001b[31m\u0007\u202e\u009b\r" })] },
  { name: "a NUL", args: ["write-text", ...inputs({ body: "a\0'z\n" })] },
  {
    name: "a long body",
    args: ["write-text", "--body", "-"],
    stdin: `${"long é '".repeat(20_000)}
`,
  },
  { name: "HEAD", args: ["check"] },
  { name: "HEAD with a body", args: ["check-body", "--body", '{"a":1}'], refused: ["fetch"] },
  { name: "DELETE", args: ["delete"] },
  { name: "POST without a body", args: ["touch"] },
  { name: "PATCH", args: ["change", "--name", "x"] },
  { name: "GET with a body", args: ["search", "--name", "x"], refused: ["fetch"] },
  { name: "dot segments and brackets", args: ["dots", "--y", "1"], refused: ["fetch"] },
  { name: "a base URI without a path", args: ["get"], baseUri: url => url },
];

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder(showCapabilities());
});

const FORMS: readonly Form[] = [
  "curl",
  "fetch",
  "python",
  ...(MISSING.httpie === undefined ? ["httpie" as const] : []),
];

describe.concurrent.each(FORMS)("--dry-run=%s", form => {
  it.for(CASES)("$name", async ({ name, capability = "none", args, stdin, refused, baseUri }, { skip }) => {
    const absent = MISSING[form];
    if (absent !== undefined) skip(absent);
    const upstream = await startUpstream();
    try {
      const base = (baseUri ?? (url => `${url}/v1`))(upstream.url);
      const call = ["run", capability, ...args, "--base-uri", base];
      const print = [...call, `--dry-run=${form}`];
      const printed = await runMain(print, { cwd: folder, stdin });
      if (refused?.includes(form)) {
        expect(printed).toMatchObject({ code: 2, stdout: "" });
        expect(printed.stderr).toContain("use --dry-run=curl");
        return;
      }
      expect(printed.code, printed.stderr).toBe(0);
      expect(upstream.requests).toEqual([]);
      // With *** for what the caller gave as a credential it is not the same call.
      const isMasked = printed.stderr.includes("note: *** stands for a secret");
      expect(isMasked).toBe(name === "credentials of the caller");
      const text = isMasked
        ? (await runMain([...print, "--show-secrets"], { cwd: folder, env: SECRETS, stdin })).stdout
        : printed.stdout;
      await runMain(call, { cwd: folder, env: SECRETS, stdin });
      expect(upstream.requests).toHaveLength(1);
      await make(form, text, upstream);
      const [expected, received] = upstream.requests;
      expect(comparable(received, form)).toEqual(comparable(expected, form));
    } finally {
      await upstream.close();
    }
  });
});

/** Makes the call that a form has printed. */
async function make(form: Form, text: string, upstream: Upstream): Promise<void> {
  const { program, file } = PROGRAMS[form];
  const place = await temporaryFolder({});
  await writeFile(path.join(place, file), text);
  const child = spawn(program, [file], {
    cwd: place,
    env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C.UTF-8", ...SECRETS },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let problems = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    problems += part;
  });
  const code = await new Promise(resolve => child.on("close", resolve));
  if (upstream.requests.length < 2) throw new Error(`Exit code ${code} of:\n${text}\n${problems}`);
}

function comparable(request: ReceivedRequest | undefined, form: Form): unknown {
  if (request === undefined) return undefined;
  const added = [...TRANSPORT_HEADERS, ...(ADDED_HEADERS[form] ?? [])];
  const headers = Object.entries(request.headers).filter(([name]) => !added.includes(name));
  const url = (REWRITTEN[form] ?? []).reduce((text, [found, meant]) => text.replaceAll(found, meant), request.url);
  return { ...request, url, headers: Object.fromEntries(headers) };
}

function missing(program: string): string | undefined {
  return spawnSync(program, ["--version"]).status === 0 ? undefined : `${program} is not on this machine`;
}
