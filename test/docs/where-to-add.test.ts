import { execFile } from "node:child_process";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { beforeAll, expect, it } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { root } from "./page.ts";

// The table "Where to add" of docs/architecture.md: in a copy of the tree, one of each kind is added in its two places.

interface Addition {
  /** First cell of its row in the table. */
  readonly what: string;
  /** New files by path. */
  readonly files: Readonly<Record<string, string>>;
  /** File of the registry, with texts to be inserted, each before the text named first. */
  readonly row: readonly [file: string, ...(readonly [before: string, text: string])[]];
  /** The same elsewhere: in the JSON Schema and the types that say what it says, or where the kind is declared. */
  readonly language?: readonly (readonly [file: string, before: string, text: string])[];
}

const SCHEMA = "schema/naftiko.schema.json";
const CONFIG_SCHEMA = "schema/config.schema.json";
const TYPES = "src/language/document/document-types.ts";
const SETTINGS = "src/language/overlays/pagination.ts";

const additions: readonly Addition[] = [
  {
    what: "a parameter location",
    files: {
      "src/engine/request/locations/note.ts": `import type { ParameterLocation } from "../parameter-location.ts";
export const note: ParameterLocation = {
  compile: ({ name }) => (draft, value) => {
    draft.headers["x-note"] = name + "=" + String(value);
  },
};
`,
    },
    row: [
      "src/engine/request/locations.ts",
      ["import type { ParameterLocation }", 'import { note } from "./locations/note.ts";\n'],
      ["  query,\n", "  note,\n"],
    ],
    language: [
      [SCHEMA, '"query", "header", "path", "cookie", "body", "environment"', '"note", '],
      [TYPES, '"query" | "header" | "path" | "cookie" | "body" | "environment"', '"note" | '],
    ],
  },
  {
    what: "a body kind",
    files: {
      "src/engine/request/body-kinds/csv.ts": `import { type BodyKind, textKind } from "../body-kind.ts";
import { renderBody } from "../render-body.ts";
export const csv: BodyKind = textKind("text/csv", renderBody);
`,
    },
    row: [
      "src/engine/request/body-kinds.ts",
      ["import { json }", 'import { csv } from "./body-kinds/csv.ts";\n'],
      ["  sparql,\n", "  csv,\n"],
    ],
    language: [
      [SCHEMA, '"json", "text", "xml", "sparql"', '"csv", '],
      [TYPES, '"json" | "text" | "xml" | "sparql"', '"csv" | '],
    ],
  },
  {
    what: "an authentication kind",
    files: {
      "src/engine/authentication/badge.ts": `import type { StaticKind } from "./authentication-kind.ts";
export const badge: StaticKind = {
  fields: ["value"],
  place: () => ({ in: "header", name: "x-badge" }),
  credential: ({ value = "" }) => "badge " + value,
};
`,
    },
    row: [
      "src/engine/authentication/authentications.ts",
      ["import { basic }", 'import { badge } from "./badge.ts";\n'],
      ["  digest,\n", "  badge,\n"],
    ],
    language: [
      [SCHEMA, '"basic", "bearer", "apikey", "digest", "oauth2", "mtls"', '"badge", '],
      [CONFIG_SCHEMA, '"basic", "bearer", "apikey", "digest", "oauth2", "mtls"', '"badge", '],
      [TYPES, '"basic" | "bearer" | "apikey" | "digest" | "oauth2" | "mtls"', '"badge" | '],
    ],
  },
  {
    what: "a kind of authentication of callers",
    files: {
      "src/serving/inbound/wristband.ts": `import type { InboundKind } from "./inbound-kind.ts";
export const wristband: InboundKind = {
  fields: ["value"],
  optionalFields: [],
  publicFields: [],
  problem: () => undefined,
  open: (_, { value = "" }) => ({ resource: undefined, admit: () => ({ id: "wristband " + value }) }),
};
`,
    },
    row: [
      "src/serving/inbound/inbound-kinds.ts",
      ["import { oauth2 }", 'import { wristband } from "./wristband.ts";\n'],
      ["  oauth2,\n", "  wristband,\n"],
    ],
    language: [
      [SCHEMA, '"basic", "bearer", "apikey", "digest", "oauth2"] }', '"wristband", '],
      [TYPES, '"basic" | "bearer" | "apikey" | "digest" | "oauth2";', '"wristband" | '],
      ["src/language/openapi/exposed-security.ts", '    case "digest":\n', '    case "wristband":\n'],
      ["src/language/validation/rules/exposed-authentication.ts", '  basic: ["username"', '  wristband: ["value"],\n'],
    ],
  },
  {
    what: "a raw format",
    files: {
      "src/engine/formats/mirrored.ts": `import { bodyText } from "../../base/body-text.ts";
import type { RawFormat } from "./raw-format.ts";
export const mirrored: RawFormat = {
  accept: "text/mirrored",
  prepare: () => body => [...bodyText(body)].reverse().join(""),
};
`,
    },
    row: [
      "src/engine/formats/raw-formats.ts",
      ["import { protobuf }", 'import { mirrored } from "./mirrored.ts";\n'],
      ['  | "protobuf"', '  | "mirrored"\n'],
      ["  protobuf,\n", "  mirrored,\n"],
    ],
  },
  {
    what: "a kind of stream",
    files: {
      "src/engine/response/lines.ts": `import { separatedItems } from "./separated-items.ts";
import type { StreamFormat } from "./stream-format.ts";
export const lines: StreamFormat = { ...separatedItems("\\n"), isJson: false };
`,
    },
    row: [
      "src/engine/response/stream-formats.ts",
      ["import { separatedItems }", 'import { lines } from "./lines.ts";\n'],
      ['  "application/x-ndjson"', '  "text/x-lines": lines,\n'],
    ],
  },
  {
    what: "a kind of pagination",
    files: {
      "src/engine/pagination/schemes/header.ts": `import type { Scheme } from "../scheme.ts";
export const header: Scheme = {
  isStated: true,
  rank: 2,
  detect: () => [],
  compile(name) {
    return ({ answer }) => {
      const url = answer.headers[String(name)];
      return typeof url === "string" ? { kind: "url", url } : undefined;
    };
  },
};
`,
    },
    row: [
      "src/engine/pagination/schemes.ts",
      ["import { link }", 'import { header } from "./schemes/header.ts";\n'],
      ["link, nextUrl", "header, "],
    ],
    language: [
      [SETTINGS, "  | { readonly nextUrl: string }", "  | { readonly header: string }\n"],
      [SETTINGS, "  link: true,\n", "  header: true,\n"],
      [
        CONFIG_SCHEMA,
        '"nextUrl": { "description"',
        '"header": { "description": "The header with the URL of the next page.", "type": "string" },\n',
      ],
    ],
  },
  {
    what: "a rule",
    files: {
      "src/language/validation/rules/no-shouting.ts": `import type { Rule } from "../rule.ts";
export const noShouting: Rule = {
  name: "no-shouting",
  kinds: ["warning"],
  explanation: "A description shouts.",
  fix: "Take out the exclamation mark.",
  operation({ operation, pointer }, report) {
    if (operation.description?.endsWith("!")) report("warning", pointer, "It shouts");
  },
};
`,
    },
    row: [
      "src/language/validation/rules.ts",
      ["import { outputSchema }", 'import { noShouting } from "./rules/no-shouting.ts";\n'],
      ["  namespaceUnique,\n", "  noShouting,\n"],
    ],
  },
  {
    what: "a source of variables",
    files: {
      "src/engine/binds/upper/read-upper-bind.ts": `import type { BindReader } from "../bind-reader.ts";
export const readUpperBind: BindReader = async ({ key, location }) =>
  (location.slice("upper:".length) + key).toUpperCase();
`,
    },
    row: [
      "src/engine/binds/located-source.ts",
      ['"file" | "vault"', '"upper" | '],
      [
        "  file: { load",
        '  upper: { load: async () => (await import("./upper/read-upper-bind.ts")).readUpperBind },\n',
      ],
    ],
  },
  {
    what: "a form of `--dry-run`",
    files: {
      "src/surfaces/cli/show/forms/line.ts": `import { withPlaceholders } from "../pieces.ts";
import type { ShowForm } from "../show-form.ts";
export const line: ShowForm = ({ method, url }) => method + " " + withPlaceholders(url);
`,
    },
    row: [
      "src/surfaces/cli/show/show-forms.ts",
      ['"text" | "json"', '"line" | '],
      ["  curl: {", '  line: { load: async () => (await import("./forms/line.ts")).line },\n'],
    ],
  },
  {
    what: "a fix",
    files: {},
    row: [
      "src/language/validation/fixes/fixers.ts",
      [
        '  "empty-list": [removeEmpty]',
        `  "name-pattern": [
    ({ pointer }, { contents }) => {
      const range = offsetsOf(memberAt(contents, pointer)?.value);
      return range && { edit: { ...range, text: "mended" }, message: "mended" };
    },
  ],
`,
      ],
    ],
    language: [
      [
        "src/language/validation/published/departure-rules.ts",
        '    explanation:\n      "The name has characters',
        "    fixable: true,\n",
      ],
    ],
  },
  {
    what: "an error code",
    files: {},
    row: ["src/surfaces/cli/exit-code.ts", ["  IO_FAILED:", "  NOTE_LOST: exitCode.output,\n"]],
    language: [
      [
        "src/base/capability-error.ts",
        "  /** No file answers to the name",
        "  readonly NOTE_LOST: { readonly note: string };\n",
      ],
      ["src/serving/http-status.ts", "  IO_FAILED:", "  NOTE_LOST: 500,\n"],
      ["src/tools/error-answer.ts", "  IO_FAILED:", "  NOTE_LOST: () => undefined,\n"],
      ["src/surfaces/mcp/protocol/fault-of.ts", "  IO_FAILED:", "  NOTE_LOST: INTERNAL_ERROR,\n"],
    ],
  },
  {
    what: "a command",
    files: {
      "src/surfaces/cli/commands/greet.ts": `import type { CommandModule } from "../command-module.ts";
export const greetCommand: CommandModule<{ readonly name: string }> = {
  command: "greet <name>",
  describe: "Greet somebody",
  builder: builder => builder.positional("name", { type: "string", demandOption: true }),
  handler: async ({ name }) => (name === "World" ? 0 : 1),
};
`,
    },
    row: [
      "src/surfaces/cli/commands.ts",
      ["import { listCommand }", 'import { greetCommand } from "./commands/greet.ts";\n'],
      ["  listCommand,\n", "  greetCommand,\n"],
    ],
  },
  {
    what: "an option",
    files: {},
    row: [
      "src/engine/options.ts",
      [
        "  cache: {\n    kind: boolean,",
        '  note: { kind: text(), text: "a note", flag: { name: "note", value: "TEXT", group: "Inputs" } },\n',
      ],
    ],
    language: [
      [
        "src/engine/call-options.ts",
        "  /** Ends the call with code `ABORTED`. */",
        "  readonly note?: string | undefined;\n",
      ],
    ],
  },
  {
    what: "a layer",
    files: {
      "src/net/layers/stamp.ts": `import type { Layer } from "../transport.ts";
export const stamp: Layer = next => (request, exchange) =>
  next({ ...request, headers: { ...request.headers, "x-stamp": "here" } }, exchange);
`,
    },
    row: [
      "src/net/layer.ts",
      ["import type { AttemptOptions }", 'import { stamp } from "./layers/stamp.ts";\n'],
      ["    isObserved &&", "    stamp,\n"],
    ],
  },
];

/** A program that uses one of each. */
const PROGRAM = `
import { isStream } from "./src/engine/response/stream-formats.ts";
import { CapabilityError } from "./src/base/capability-error.ts";
import { fixText } from "./src/language/validation/fixes/fix-text.ts";
import { departureRules } from "./src/language/validation/published/departure-rules.ts";
import { exitCodeOf } from "./src/surfaces/cli/exit-code.ts";
import { inboundKinds } from "./src/serving/inbound/inbound-kinds.ts";
import { program } from "./src/surfaces/cli/program.ts";
import { runFlags } from "./src/surfaces/cli/run-options.ts";
import { compilePagination } from "./src/engine/pagination/compile-pagination.ts";
import { rawFormats } from "./src/engine/formats/raw-formats.ts";
import { openCapability } from "./src/index.ts";
import { showForms } from "./src/surfaces/cli/show/show-forms.ts";

const capability = await openCapability({
  naftiko: "1.0.0-alpha3",
  binds: [{ namespace: "up", location: "upper:my-", keys: { SECRET: "secret" } }],
  capability: {
    consumes: [
      {
        type: "http",
        namespace: "api",
        baseUri: "https://api.test",
        authentication: { type: "badge", value: "{{SECRET}}" },
        resources: [
          {
            name: "r",
            path: "/x",
            operations: [
              {
                name: "op",
                description: "Call me!",
                method: "POST",
                outputRawFormat: "mirrored",
                inputParameters: [{ name: "word", in: "note" }],
                body: { type: "csv", data: "a,{{word}}" },
              },
            ],
          },
        ],
      },
    ],
  },
}, {
  env: {},
  transport: async ({ headers }) =>
    ({ status: 200, statusText: "OK", headers: { "content-type": "text/mirrored" }, body: Buffer.from(String(headers["x-stamp"])) }),
});
const result = await capability.run("op", { word: "hi" }, { note: "n" });
const unread: unknown = await capability.run("op", { word: "hi" }, { note: 1 as never }).catch(String);
const fixed = await fixText(
  'naftiko: "1.0.0-alpha3"\\ncapability:\\n  consumes:\\n    - { type: http, namespace: "a b", baseUri: "https://a.test", resources: [] }\\n',
);
const request = await capability.prepare("op", { word: "hi" });
const decode = await rawFormats.mirrored.prepare({ outputSchema: undefined, folder: undefined });
const limits = { values: 10, timeMs: 1000 };
const write = await showForms.line.load();
const { findNext } = compilePagination({ header: "x-next" }, undefined as never);
const answer = { body: null, headers: { "x-next": "/2" }, inputs: {} };
export const found: unknown = {
  sent: result.body,
  unread,
  hasFlag: runFlags.has("note"),
  fixed: fixed.text,
  isFixable: departureRules["name-pattern"].fixable,
  exitCode: exitCodeOf(new CapabilityError("NOTE_LOST", { message: "", details: { note: "" } })),
  greeted: await program(["greet", "World"], { stdout: {} } as never),
  caller: await (await inboundKinds.wristband.open({} as never, { value: "red" }, {} as never)).admit({} as never),
  headers: request.headers,
  body: request.body,
  rules: capability.diagnostics.map(({ rule }) => rule),
  decoded: decode({ bytes: Buffer.from("abc"), contentType: undefined }, limits as never),
  isStream: isStream({ status: 200, headers: { "content-type": "text/x-lines" } } as never),
  line: write({ method: "GET", url: ["https://api.test"], headers: [], body: undefined }, new Date(0)),
  next: findNext({ answer: answer as never, count: 1, seen: 1 }),
};
`;

let copy: string;

beforeAll(async () => {
  copy = await temporaryFolder({ "program.ts": PROGRAM });
  const copied = ["src", "schema", "scripts", "package.json", "tsconfig.json"];
  await Promise.all(copied.map(name => cp(path.join(root, name), path.join(copy, name), { recursive: true })));
  await symlink(path.join(root, "node_modules"), path.join(copy, "node_modules"));
  for (const { files, row, language = [] } of additions) {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(copy, name)), { recursive: true });
      await writeFile(path.join(copy, name), text);
    }
    const [registry, ...rows] = row;
    for (const [before, text] of rows) await insert(registry, before, text);
    for (const [file, before, text] of language) await insert(file, before, text);
  }
  await run("-e", 'import("./scripts/build-schema.mjs").then(({ buildSchema }) => buildSchema())');
});

async function insert(name: string, before: string, text: string): Promise<void> {
  const file = path.join(copy, name);
  const content = await readFile(file, "utf8");
  expect(content, name).toContain(before);
  await writeFile(
    file,
    content.replace(before, () => text + before),
  );
}

async function run(...args: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, args, { cwd: copy }).catch((error: { stdout: string }) => {
    throw new Error(error.stdout, { cause: error });
  });
}

it("compiles with one more of each", async () => {
  await writeFile(
    path.join(copy, "tsconfig.copy.json"),
    JSON.stringify({ extends: "./tsconfig.json", include: ["src", "program.ts"] }),
  );
  await run("node_modules/typescript/bin/tsc", "-p", "tsconfig.copy.json", "--noEmit");
});

it("uses what was added", async () => {
  const outfile = path.join(copy, "program.mjs");
  const options = { bundle: true, platform: "node", format: "esm", packages: "external" } as const;
  // The text of the thread is made by the build, and nothing is decoded in one here.
  const external = ["#decode-worker-text", "#script-worker-text"];
  await build({ entryPoints: [path.join(copy, "program.ts")], outfile, external, logLevel: "error", ...options });
  const { found } = (await import(pathToFileURL(outfile).href)) as { readonly found: unknown };
  expect(found).toEqual({
    headers: expect.objectContaining({
      accept: "text/mirrored",
      "content-type": "text/csv",
      "x-badge": "badge MY-SECRET",
      "x-note": "word=hi",
    }),
    body: "a,hi",
    caller: { id: "wristband red" },
    rules: ["no-shouting"],
    decoded: "cba",
    isStream: true,
    line: "GET https://api.test",
    next: { kind: "url", url: "/2" },
    sent: "ereh",
    unread: "TypeError: note must be a text",
    hasFlag: true,
    fixed: expect.stringContaining("namespace: mended"),
    isFixable: true,
    exitCode: 8,
    greeted: 0,
  });
});

it.each(additions)(
  "$what has its file and its row, which the page names",
  async ({ what, files, row, language = [] }) => {
    const page = await readFile(path.join(root, "docs/architecture.md"), "utf8");
    const line = page.split("\n").find(text => text.startsWith(`| ${what} `)) ?? "";
    const linked = Array.from(line.matchAll(/\]\(\.\.\/([^)#]+)\)/g), ([, target = ""]) => target);
    expect(Object.keys(files).length).toBeLessThanOrEqual(1);
    const places = [...Object.keys(files), row[0], ...language.map(([file]) => file)];
    expect(places.filter(place => !linked.some(target => isAt(place, target)))).toEqual([]);
  },
);

function isAt(file: string, target: string): boolean {
  return file === target || file.startsWith(`${target.replace(/\/$/, "")}/`);
}
