import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";

// The script opens the built library: `npm run build` comes before these tests.
const root = path.resolve(import.meta.dirname, "../..");
const script = path.join(root, "scripts", "corpus.mjs");

interface Finished {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

function runScript(...args: string[]): Promise<Finished> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const finished: Finished = { exitCode: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", text => {
    finished.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", text => {
    finished.stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", exitCode => resolve({ ...finished, exitCode }));
  });
}

/** Returns the counts at the end of the output by their labels, columns made one space. */
function counts(stdout: string): string[] {
  return stdout
    .trimEnd()
    .split("\n")
    .slice(-4)
    .map(line => line.replace(/ {2,}/g, " "));
}

type Parameter = Record<string, unknown>;

interface OperationOptions {
  name?: string;
  [field: string]: unknown;
}

function input(name: string, location: string, type = "string", more: Parameter = {}): Parameter {
  return { name, in: location, type, ...more };
}

/** Returns a resource with one operation, named after its method and path unless `more` names it. */
function resource(
  method: string,
  resourcePath: string,
  inputParameters: Parameter[] = [],
  more: OperationOptions = {},
) {
  const operation = {
    name: `${method} of ${resourcePath}`,
    method,
    ...(inputParameters.length > 0 ? { inputParameters } : {}),
    outputRawFormat: "json",
    ...more,
  };
  return { name: `resource ${resourcePath}`, path: resourcePath, operations: [operation] };
}

function capability(adapter: object, { keys = { API_KEY: "API_KEY" } as Record<string, string> } = {}): string {
  return stringify({
    naftiko: "1.0.0-alpha2",
    info: { label: "Hard forms" },
    binds: [{ namespace: "env", keys }],
    capability: {
      consumes: [{ type: "http", namespace: "hard", baseUri: "https://api.hard.test/v1", ...adapter }],
    },
  });
}

const HARD_PATHS = [
  resource("GET", "/orders/{id}.json"),
  resource("GET", "/items(key='{k}',part={part})", [input("part", "path", "integer", { required: true })]),
  resource("GET", "/copies/{id}/of/{id}"),
  resource("GET", "/trailing/{id}/"),
  resource("GET", "/double//slash//{id}"),
  resource("GET", "/with spaces (and parentheses)/{a b}"),
  resource("POST", "/#CreateBackup", [input("body", "body", "object", { required: true })]),
  resource("POST", "/#DeleteBackup", [input("body", "body", "object")]),
  resource("POST", "/rpc#{not-sent}", [input("body", "body", "array")]),
  resource("GET", "/search?type=a%20b&flag&id={id}", [input("q", "query"), input("type", "query", "array")]),
  resource("GET", "/braces/{{user-id}}/{{ padded }}"),
  resource("GET", "/percent%2Fliteral/é"),
  resource("GET", "/100%{id}/{}/{a}}/{{b}/50%"),
  resource("GET", "/{__proto__}/{constructor}?to={toString}", [input("toString", "query")], {
    name: "constructor",
  }),
  resource("GET", "/{name=x}/{+path}:{path*}/{a}{b}", [], { name: "__proto__" }),
  resource("GET", "no/leading/slash"),
  resource("GET", ""),
  resource("HEAD", "/files/{id}", [input("v", "query", "boolean")]),
];

const CONSTANTS = [
  resource("GET", "/constants/{fixed}", [
    { name: "fixed", in: "path", value: "a/b {{q}}" },
    input("q", "query", "string", { required: true }),
    { name: "on", in: "query", value: true },
    { name: "mirror", in: "query", value: "{{trace}}" },
    input("trace", "header"),
  ]),
  resource("GET", "/own-credential", [{ name: "X-Plain", in: "header", value: "Basic abc" }]),
  resource("POST", "/not-sent#{id}", [input("id", "path"), input("ghost", "path", "string", { required: true })]),
];

const HARD_NAMES = [
  resource("GET", "/names/{$id}/{a.b}/{c-d}/{e~f}", [
    ...[
      "$top",
      "page[size]",
      "filter[x][`$op`]",
      "issue~neq",
      "action.type",
      "Until<",
      "ns:name",
      "@id",
      "a b&c=d",
    ].map(name => input(name, "query")),
    input("ids[]", "query", "array", { required: true }),
    input("created", "query", "object"),
    input("limit", "query", "integer"),
    input("ratio", "query", "number"),
    input("__proto__", "query"),
  ]),
  resource("GET", "/looks/{id}", [
    input("path:id", "query"),
    input("id", "query"),
    input("Host", "query"),
    input("host", "header"),
  ]),
  resource("GET", "/objects/{point}", [input("point", "path", "object"), input("X-Map", "header", "object")]),
  resource("GET", "/shared/{id}", [
    input("id", "path", "string", { required: true }),
    input("id", "query", "string", { required: true }),
    input("id", "header"),
    input("id", "cookie"),
  ]),
  resource("PUT", "/headers", [
    input("X-Required", "header", "string", { required: true }),
    input("X-List", "header", "array"),
    input("X-Count", "header", "integer"),
    input("Accept", "header"),
    input("User-Agent", "header"),
    input("Content-Type", "header"),
    input("Host", "header", "string", { required: true }),
    input("Content-Length", "header", "integer", { required: true }),
    input("Proxy-Authorization", "header"),
    input("session", "cookie", "string", { required: true }),
    input("theme", "cookie"),
    input("views", "cookie", "array"),
    input("body", "body", "object"),
  ]),
];

const BODIES = [
  resource("POST", "/members", [
    input("name", "body", "string", { required: true }),
    input("count", "body", "integer"),
    input("tags", "body", "array"),
  ]),
  resource("POST", "/text", [input("body", "body", "string")]),
  resource("DELETE", "/with-body/{id}", [input("body", "body", "object")]),
  resource("GET", "/with-body", [input("body", "body", "object")]),
  resource("POST", "/template", [input("title", "body", "string"), input("tags", "body", "array")], {
    body: '{ "title": "{{title}}", "note": "on {{title}}", "tags": {{tags}}, "fixed": true }',
  }),
  resource("POST", "/form", [input("user", "body", "string", { required: true }), input("otp", "body", "string")], {
    body: { type: "formUrlEncoded", data: { grant_type: "password", user: "{{user}}", otp: "{{otp}}" } },
  }),
];

const TEMPLATES = [
  resource("POST", "/units", [], {
    body: {
      type: "json",
      data: { title: "{{tools.title}}", by: "{{rest.who.name}}", all: "{{ tags }} {{n}}" },
    },
  }),
  resource("POST", "/whole", [], { body: { type: "json", data: "{{tools.body}}" } }),
  resource("POST", "/declared", [input("tools", "query", "object"), input("q", "header", "array")], {
    body: { type: "json", data: ["{{tools.gte}}", "{{q}}", { "{{q}}": null }] },
  }),
  resource("POST", "/xml", [input("a", "body", "string"), input("b", "query", "integer")], {
    body: { type: "xml", data: '<a x="{{a}}">{{b}}</a>' },
  }),
  resource(
    "POST",
    "/soap",
    [
      { name: "Content-Type", in: "header", value: "text/xml; charset=utf-8" },
      { name: "SOAPAction", in: "header", value: '"urn:shop#get"' },
      input("id", "body", "string"),
    ],
    { body: "<soap:Envelope><soap:Body><id>{{id}}</id></soap:Body></soap:Envelope>" },
  ),
  resource("POST", "/soap/whole", [
    { name: "content-type", in: "header", value: "application/soap+xml" },
    input("body", "body", "object", { required: true }),
  ]),
  resource("POST", "/text", [input("a", "body", "string")], { body: { type: "text", data: "a={{a}} {b}" } }),
  resource("POST", "/sparql", [input("a", "body")], {
    body: { type: "sparql", data: "ASK { {{a}} ?p ?o }" },
  }),
  resource("POST", "/form/text", [input("a", "body"), input("b", "body", "array")], {
    body: { type: "form", data: "a={{a}}&b={{b}}&c=1" },
  }),
  resource("POST", "/form/members", [
    { name: "Content-Type", in: "header", value: "application/x-www-form-urlencoded" },
    input("user name", "body"),
    input("ids[]", "body", "array"),
    input("address", "body", "object"),
  ]),
  resource("POST", "/form/whole", [
    { name: "CONTENT-TYPE", in: "header", value: "application/x-www-form-urlencoded; charset=utf-8" },
    input("body", "body", "object"),
  ]),
  resource("GET", "/query?a={a}&b={b}&c=x{b}&d={env.API_KEY}#{e}", [input("b", "query"), input("b", "header")]),
];

/** Values that the schema does not allow, and that files have. */
const LOOSE = `
naftiko: 1.0
info:
capability:
  consumes:
  - namespace: loose
    baseUri: HTTPS://API.Loose.test/v1//
    inputParameters:
    resources:
    - path: /targets/
      name: 404
      description:
      operations:
      - name: 1
        method: get
        path: /{id}
        inputParameters: [{ name: id, type: [string, "null"] }, { name: 7, required: "yes" }, { name: on, in: Query }]
      - path: /targets/{id}/close?now=yes
        description: >-
          Closes
          one
        inputParameters: [{ name: id }]
        outputParameters: [{ name: result, type: object }]
    - name: nothing
      path: /nothing
      operations:
`;

/** Every hard form the language's published files have, and the number of operations in each file. */
const HARD_FILES: Record<string, { text: string; operations: number }> = {
  "paths.yaml": { text: capability({ resources: HARD_PATHS }), operations: HARD_PATHS.length },
  "names.yml": { text: capability({ resources: HARD_NAMES }), operations: HARD_NAMES.length },
  "constants.yaml": { text: capability({ resources: CONSTANTS }), operations: CONSTANTS.length },
  "bodies.yaml": { text: capability({ resources: BODIES }), operations: BODIES.length },
  "templates.yaml": { text: capability({ resources: TEMPLATES }), operations: TEMPLATES.length },
  "loose.yaml": { text: LOOSE, operations: 2 },
  "loose-crlf.yaml": { text: `\uFEFF${LOOSE.trim().replaceAll("\n", "\r\n")}`, operations: 2 },
  "bodies-by-content-type.yaml": {
    text: capability({
      inputParameters: [
        { name: "X-Trace", in: "header", value: "trace-{{id}}" },
        { name: "API_KEY", in: "environment" },
        { name: "HOME", in: "environment" },
        { name: "key", in: "query", value: "$env.API_KEY" },
        { name: "all", in: "query", value: "{{X-Trace}}{{HOME}}/{{API_KEY}}" },
      ],
      resources: [
        resource("POST", "/parts", [], {
          body: {
            type: "multipartForm",
            data: [
              { name: "f", value: "{{file}}", filename: "a.png" },
              { name: "n", value: 5 },
              { name: "trace", value: "{{X-Trace}}", contentType: "text/plain" },
              { name: "none", value: null },
            ],
          },
        }),
        ...["multipart/form-data", "application/xml", "application/x-www-form-urlencoded"].flatMap(type => {
          const contentType = { name: "Content-Type", in: "header", value: type };
          return [
            resource("POST", `/members#${type}`, [
              contentType,
              input("a", "body"),
              input("l", "body", "array"),
              input("o", "body", "object"),
            ]),
            resource("POST", `/whole#${type}`, [contentType, input("body", "body", "object")]),
            resource("POST", `/map#${type}`, [contentType], {
              body: { type: "json", data: { a: "{{a}}", b: [1, { c: "{{c}}" }] } },
            }),
          ];
        }),
      ],
    }),
    operations: 10,
  },
  "fixed-base.yaml": {
    text: capability({
      baseUri: "https://{region}.{tenant}.test/{version}",
      inputParameters: [
        { name: "version", in: "path", value: "v2" },
        { name: "tenant", in: "path", value: "acme-1" },
      ],
      resources: [
        resource("GET", "/x", [{ name: "Authorization", in: "header", value: "Key 1" }]),
        resource("GET", "/{region}", [input("region", "query"), input("region", "path")]),
      ],
    }),
    operations: 2,
  },
  "one-adapter-uses-the-secret.yaml": {
    text: stringify({
      naftiko: "1.0.0-alpha2",
      binds: [
        { namespace: "a", keys: { TOKEN: "A_TOKEN", HOST: "HOST" } },
        { namespace: "b", keys: { HOST: "OTHER_HOST" } },
      ],
      capability: {
        consumes: [
          {
            type: "http",
            namespace: "one",
            baseUri: "https://{{a.HOST}}.test:8443",
            authentication: { type: "apikey", key: "X-Key", value: "TOKEN" },
            resources: [resource("GET", "/x"), resource("GET", "/y", [{ name: "h", in: "query", value: "{{HOST}}" }])],
          },
          {
            type: "http",
            namespace: "two",
            baseUri: "https://[::1]:8080/a%20b/ü",
            resources: [resource("GET", "/x"), resource("GET", "/x", [], { name: "twin" })],
          },
        ],
      },
    }),
    operations: 4,
  },
  "empty-base.yaml": {
    text: capability({ baseUri: "", resources: [resource("GET", "/x/{id}"), resource("GET", "/y")] }),
    operations: 2,
  },
  "base-placeholders.yaml": {
    text: capability({
      baseUri: "https://{region}.{site}:{port}/v{version}/",
      resources: [resource("GET", "/of/{region}"), resource("GET", "/y", [input("site", "path")])],
    }),
    operations: 2,
  },
  "levels.yaml": {
    text: capability(
      {
        inputParameters: [
          { name: "Api-Version", in: "header", value: "{{env.VERSION}}" },
          { name: "lang", in: "query", value: "en us" },
        ],
        resources: [
          {
            ...resource("GET", "/levels", [{ name: "api-version", in: "header", value: 7 }, input("q", "query")]),
            inputParameters: [input("lang", "query"), input("trace", "header", "string", { required: true })],
          },
          resource("GET", "/inherited"),
        ],
      },
      { keys: { API_KEY: "SOURCE_OF_KEY", VERSION: "SOURCE_OF_VERSION" } },
    ),
    operations: 2,
  },
  "two-adapters.yaml": {
    text: stringify({
      naftiko: "1.0.0-alpha2",
      consumes: [
        {
          type: "http",
          namespace: "one",
          baseUri: "",
          resources: [resource("GET", "/x", [], { name: "list" })],
        },
      ],
      capability: {
        binds: [{ namespace: "env", keys: { ONE_TOKEN: "ONE_TOKEN", ROOT: "ROOT" } }],
        consumes: [
          {
            type: "http",
            namespace: "two",
            baseUri: "{{env.ROOT}}/v2/",
            resources: [resource("GET", "/x", [], { name: "list" })],
          },
        ],
      },
    }),
    operations: 2,
  },
  "same-names.yaml": {
    text: capability({
      resources: ["/a", "/b"].map(place => resource("GET", place, [], { name: "list" })),
    }),
    operations: 2,
  },
  "authentication/api-key-in-query.yaml": {
    text: capability({
      authentication: { type: "apikey", key: "api key", value: "{{env.API_KEY}}", placement: "query" },
      resources: [
        resource("GET", "/x?y=1", [input("z", "query")]),
        resource("GET", "/own", [input("api key", "query")]),
      ],
    }),
    operations: 2,
  },
  "authentication/api-key-in-header.yaml": {
    text: capability({
      authentication: { type: "apikey", key: "X-Api-Key", value: "{{API_KEY}}" },
      resources: [resource("GET", "/x", [input("x-api-key", "header")]), resource("GET", "/y")],
    }),
    operations: 2,
  },
  "authentication/basic.yaml": {
    text: capability(
      {
        authentication: { type: "basic", username: "é {{env.USER_NAME}}", password: "{{env.API_KEY}}" },
        resources: [resource("GET", "/x", [input("Authorization", "header")])],
      },
      { keys: { API_KEY: "API_KEY", USER_NAME: "USER_NAME" } },
    ),
    operations: 1,
  },
  "authentication/bearer-by-bare-name.yaml": {
    text: capability({
      authentication: { type: "bearer", token: "API_KEY" },
      resources: [resource("GET", "/x")],
    }),
    operations: 1,
  },
  "authentication/implied.yaml": {
    text: capability({ resources: [resource("GET", "/x", [input("Authorization", "header")])] }),
    operations: 1,
  },
  "authentication/none-implied.yaml": {
    text: capability({ resources: [resource("GET", "/x")] }, { keys: { API_KEY: "A", API_TOKEN: "B" } }),
    operations: 1,
  },
  "authentication/undeclared.yaml": {
    text: capability({
      authentication: { type: "bearer", token: "{{env.NOT_DECLARED}}" },
      resources: [resource("GET", "/x")],
    }),
    operations: 1,
  },
};

const SHARED = stringify({
  naftiko: "1.0.0-alpha3",
  binds: [{ namespace: "shop-env", keys: { SHOP_TOKEN: "SOURCE_OF_TOKEN", SHOP_VERSION: "VERSION" } }],
  consumes: [
    {
      type: "http",
      namespace: "shop",
      baseUri: "https://{region}.shop.test",
      authentication: { type: "bearer", token: "{{shop-env.SHOP_TOKEN}}" },
      inputParameters: [{ name: "X-Version", in: "header", value: "{{SHOP_VERSION}}" }],
      resources: [resource("GET", "/items/{id}"), resource("POST", "/items", [input("body", "body", "object")])],
    },
    {
      type: "http",
      namespace: "other",
      baseUri: "https://other.test",
      resources: [resource("GET", "/not-imported")],
    },
  ],
});

const NEWER_SHARED = stringify({
  ikanos: "1.0.0-beta5",
  consumes: [
    {
      type: "http",
      namespace: "shelf",
      baseUri: "https://shelf.test",
      inputParameters: { trace: { in: "header", name: "X-Trace" } },
      resources: {
        books: {
          path: "/books",
          operations: {
            "find-books": {
              method: "GET",
              inputParameters: { title: { in: "query", type: "string" }, "404": { in: "query" } },
            },
            "add-book": {
              method: "POST",
              body: { type: "xml", data: "<book>{{title}}</book>" },
              inputParameters: { version: { in: "header", name: "X-Version" } },
            },
          },
        },
      },
    },
  ],
});

const IMPORTING_FILES = {
  "shared/shop.yaml": SHARED,
  "shared/shelf.yaml": NEWER_SHARED,
  "named.yaml": stringify({
    naftiko: "1.0.0-alpha3",
    capability: { consumes: [{ import: "shop", location: "./shared/shop.yaml", as: "mine" }] },
  }),
  "newer.yaml": stringify({
    ikanos: "1.0.0-beta5",
    capability: { consumes: [{ import: "shelf", from: "./shared/shelf.yaml" }] },
  }),
  "whole.yaml": stringify({
    naftiko: "1.0.0-alpha2",
    imports: ["./shared/shop.yaml"],
    capability: { description: "All of the shop" },
  }),
  "stub.yaml": stringify({
    naftiko: "1.0.0-alpha2",
    imports: ["./named.yaml", "./newer.yaml"],
    capability: { description: "What others import" },
  }),
};

describe("npm run corpus", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "naftiko-corpus-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function write(file: string, text: string): Promise<void> {
    const target = path.join(folder, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
  }

  it("finds every request of the project's own capabilities right", async () => {
    await cp(path.join(root, "capabilities"), folder, { recursive: true });

    const { exitCode, stdout, stderr } = await runScript(folder);

    expect(stderr).toBe("");
    expect(stdout).toMatch(/^files opened +(\d+)\/\1\noperations right +(\d+)\/\2\n$/);
    expect(exitCode).toBe(0);
  });

  it("knows the hard forms of the language", async () => {
    for (const [file, { text }] of Object.entries(HARD_FILES)) await write(file, text);
    const files = Object.keys(HARD_FILES).length;
    const operations = Object.values(HARD_FILES).reduce((sum, file) => sum + file.operations, 0);

    const { exitCode, stdout } = await runScript(folder);

    expect(stdout).toMatch(
      new RegExp(`^files opened +${files}/${files}\noperations right +${operations}/${operations}\n$`),
    );
    expect(exitCode).toBe(0);
  });

  it("counts files without operations apart, and leaves other YAML alone", async () => {
    await write("one.yaml", capability({ resources: [resource("GET", "/x")] }));
    await write("none.yaml", capability({ resources: [] }));
    await write("secrets.yaml", "api-key: abc\n");

    const { exitCode, stdout } = await runScript(folder, "--verbose");

    const [other, none, opened, right] = counts(stdout);
    expect(other).toBe("not capability files 1");
    expect(none).toBe("without operations of their own 1, 0 of them refused");
    expect(opened).toBe("files opened 2/2");
    expect(right).toBe("operations right 1/1");
    expect(stdout).toMatch(/^one\.yaml +opened +1\/1$/m);
    expect(exitCode).toBe(0);
  });

  it("follows imports of both generations", async () => {
    for (const [file, text] of Object.entries(IMPORTING_FILES)) await write(file, text);

    const { exitCode, stdout } = await runScript(folder, "--verbose");

    expect(stdout).toMatch(/^named\.yaml +opened +2\/2$/m);
    expect(stdout).toMatch(/^newer\.yaml +opened +2\/2$/m);
    expect(stdout).toMatch(/^whole\.yaml +opened +3\/3$/m);
    expect(stdout).toMatch(/^stub\.yaml +opened +4\/4$/m);
    expect(stdout).toMatch(/^not capability files +2\nfiles opened +4\/4\noperations right +11\/11\n/m);
    expect(exitCode).toBe(0);
  });

  it("checks a file of two megabytes", { timeout: 120_000 }, async () => {
    const resources = Array.from({ length: 2_500 }, (_, index) =>
      resource("POST", `/groups-${index}/{id}`, [input("q", "query"), input("body", "body", "object")], {
        description: `Operation ${index}: ${"long ".repeat(120)}`,
      }),
    );
    const text = capability({ resources });
    expect(text.length).toBeGreaterThan(2_000_000);
    await write("large.yaml", text);

    const { exitCode, stdout } = await runScript(folder);

    expect(stdout).toMatch(/^files opened +1\/1\noperations right +2500\/2500\n$/);
    expect(exitCode).toBe(0);
  });

  it("prints differences up to the limit and counts the rest", async () => {
    for (const file of ["a.yaml", "b.yaml", "c.yaml"]) await write(file, "naftiko: [\n");

    const { exitCode, stdout } = await runScript(folder, "--max-differences", "2");

    expect(stdout).toMatch(/^a\.yaml {2}not opened\n {4}\S[\s\S]*\nb\.yaml {2}not opened\n/);
    expect(stdout).not.toContain("c.yaml");
    expect(stdout).toContain("\n1 more differences\n");
    expect(stdout).toMatch(/\nfiles opened +0\/3\n/);
    expect(exitCode).toBe(1);
  });

  it("is not satisfied by a folder without capability files", async () => {
    const { exitCode, stdout } = await runScript(folder);

    expect(stdout).toMatch(/files opened +0\/0/);
    expect(exitCode).toBe(1);
  });

  it.each([
    { what: "no folder", args: [] },
    { what: "a folder that does not exist", args: [path.join(tmpdir(), "naftiko-no-such-folder")] },
    { what: "a file", args: [script] },
    { what: "two folders", args: [root, root] },
    { what: "an unknown option", args: [root, "--everything"] },
    { what: "a limit that is no number", args: [root, "--max-differences", "many"] },
  ])("answers $what with its usage", async ({ args }) => {
    const { exitCode, stdout, stderr } = await runScript(...args);

    expect(stdout).toBe("");
    expect(stderr).toMatch(/^\S.*\nUsage: npm run corpus -- <folder> \[--verbose\] \[--max-differences N\]\n$/);
    expect(exitCode).toBe(2);
  });
});
