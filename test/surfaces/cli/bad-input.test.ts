import { beforeAll, describe, expect, it } from "vitest";
import { capabilityText, input, required } from "../../support/capability-text.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { expectFailure, type Failure } from "./expect-failure.ts";

const INPUTS = [
  required("subject", "query"),
  input("limit", "query", "integer"),
  input("ratio", "query", "number"),
  input("active", "query", "boolean"),
  input("tags", "query", "array"),
  input("filter", "query", "object"),
  input("X-Trace", "header"),
  input("session", "cookie"),
];

const SYNTAX_ERROR = `naftiko: 1.0.0-alpha2
capability:
  consumes:
    - type: http
      namespace: "shop
      baseUri: https://api.example.test
`;

/** Nine levels of nine aliases each: 387 million strings when expanded. */
const ALIAS_BOMB = [
  "naftiko: 1.0.0-alpha2",
  "a: &a [x, x, x, x, x, x, x, x, x]",
  ..."bcdefghi"
    .split("")
    .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[index]}`).join(", ")}]`),
].join("\n");

const FILES = {
  "capabilities/shop.yaml": capabilityText({
    namespace: "shop",
    operations: [
      { name: "search", method: "GET", path: "/items", resource: "items", inputParameters: INPUTS },
      {
        name: "create",
        method: "POST",
        path: "/items",
        resource: "items",
        inputParameters: [required("body", "body", "object")],
      },
      {
        name: "transfer",
        method: "POST",
        path: "/items/{id}/to/{owner}",
        inputParameters: [required("reason", "query"), input("note", "query")],
      },
      { name: "read", method: "GET", path: "/items/{id}" },
    ],
  }),
  "capabilities/shopping-list.yaml": capabilityText({
    operations: [{ name: "a", method: "GET", path: "/" }],
  }),
  "capabilities/locked.yaml": capabilityText({
    binds: { SHOP_TOKEN: "SHOP_TOKEN", SHOP_REGION: "SHOP_AREA" },
    authentication: { type: "bearer", token: "{{SHOP_TOKEN}}" },
    operations: [
      {
        name: "read",
        method: "GET",
        path: "/",
        inputParameters: [{ name: "region", in: "query", value: "{{SHOP_REGION}}" }],
      },
      {
        name: "undeclared",
        method: "GET",
        path: "/u",
        inputParameters: [{ name: "region", in: "query", value: "{{env.SHOP_COUNTRY}}" }],
      },
      {
        name: "misspelt",
        method: "GET",
        path: "/m",
        inputParameters: [{ name: "region", in: "query", value: "{{SHOP_REGIONS}}" }],
      },
    ],
  }),
  "capabilities/twins.yaml": capabilityText({
    namespace: "twins",
    operations: [
      { name: "get", method: "GET", path: "/a", resource: "left" },
      { name: "get", method: "GET", path: "/b", resource: "right" },
      { name: "get", method: "GET", path: "/c", resource: "right" },
    ],
  }),
  "capabilities/open.yaml": capabilityText({
    namespace: "open",
    baseUri: "",
    operations: [{ name: "read", method: "GET", path: "/" }],
  }),
  "capabilities/hosted.yaml": capabilityText({
    baseUri: "https://{store}.example.test",
    operations: [{ name: "read", method: "GET", path: "/" }],
  }),
  "capabilities/ftp.yaml": capabilityText({
    baseUri: "ftp://files.example.test",
    operations: [{ name: "read", method: "GET", path: "/" }],
  }),
  "capabilities/wide.yaml": capabilityText({
    operations: [
      {
        name: "read",
        method: "GET",
        path: "/",
        inputParameters: Array.from({ length: 200 }, (_, index) => input(`column_${index}`, "query")),
      },
    ],
  }),
  "capabilities/many.yaml": capabilityText({
    operations: Array.from({ length: 60 }, (_, index) => ({
      name: `op${index}`,
      method: "FETCH",
      path: "/",
    })),
  }),
  "capabilities/several.yaml": `naftiko: 1.0.0-alpha2
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: https://api.example.test
      resources:
        - name: items
          operations:
            - name: first
              method: FETCH
            - name: second
              method: GET
              inputParameters:
                - name: id
                  in: nowhere
`,
  "capabilities/syntax.yaml": SYNTAX_ERROR,
  "capabilities/tabs.yaml": "naftiko: 1.0.0-alpha2\ncapability:\n\tconsumes: []\n",
  "capabilities/twice.yaml": "naftiko: 1.0.0-alpha2\nnaftiko: 1.0.0-alpha2\n",
  "capabilities/bomb.yaml": ALIAS_BOMB,
  "capabilities/big.yaml": `naftiko: 1.0.0-alpha2\n${"# eighteen megabytes of nothing\n".repeat(570_000)}`,
  "capabilities/deep.yaml": `naftiko: ${"[".repeat(50_000)}${"]".repeat(50_000)}\n`,
  "capabilities/other.yaml": "name: my-app\nservices:\n  web: { image: nginx }\n",
  "capabilities/two.yaml": "naftiko: 1.0.0-alpha2\ncapability: {}\n---\nnaftiko: 1.0.0-alpha2\ncapability: {}\n",
  "capabilities/circle.yaml": "naftiko: 1.0.0-alpha2\nimports:\n  - ring.yaml\ncapability: {}\n",
  "capabilities/ring.yaml": "naftiko: 1.0.0-alpha2\nimports: [./circle.yaml]\ncapability: {}\n",
  "capabilities/outside.yaml": "naftiko: 1.0.0-alpha2\nimports: [../odd.yaml]\ncapability: {}\n",
  "capabilities/lost.yaml": `naftiko: 1.0.0-alpha2
capability:
  consumes:
    - { import: shop, location: ./none.yaml }
    - { import: shopp, location: ./shop.yaml }
`,
  "capabilities/newer.yaml": `ikanos: 1.0.0-beta5
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: https://api.example.test
      resources:
        items: { path: /items, operations: { read: { method: FETCH } } }
`,
  "capabilities/list.yaml": "- one\n- two\n",
  "capabilities/text.yaml": "just some text\n",
  "capabilities/empty.yaml": "",
  "capabilities/latin.yaml": Buffer.from([0x61, 0x3a, 0x20, 0xe4, 0x0a]),
  "capabilities/folder.yaml/x": "",
  "odd.json": '{"name": }',
};

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder(FILES);
});

type Row = Omit<Failure, "args" | "cwd"> & { readonly name: string; readonly run: readonly string[] };

async function expectRow({ name: _, run, ...failure }: Row): Promise<void> {
  await expectFailure({ ...failure, args: ["run", ...run], cwd: folder });
}

function invalid(name: string, capability: string, ...stderr: (string | RegExp)[]): Row {
  return { name, run: [capability, "read"], code: 3, error: "CAPABILITY_INVALID", stderr };
}

describe.concurrent("run refuses a capability that it cannot use", () => {
  it.each<Row>([
    {
      name: "unknown name: where it looked, and the nearest names",
      run: ["shpo", "search"],
      code: 3,
      error: "CAPABILITY_NOT_FOUND",
      stderr: ['error: Cannot find capability "shpo"; did you mean "shop"? Looked in /', "/capabilities"],
      details: { name: "shpo", suggestions: expect.arrayContaining(["shop"]) },
    },
    {
      name: "part of a name",
      run: ["shopping", "a"],
      code: 3,
      error: "CAPABILITY_NOT_FOUND",
      stderr: ['did you mean "shopping-list"'],
    },
    {
      name: "unknown path",
      run: ["./capabilities/shp.yaml", "search"],
      code: 3,
      error: "CAPABILITY_NOT_FOUND",
      stderr: ['error: Cannot find capability "./capabilities/shp.yaml"; did you mean "shop"? Looked in /'],
    },
    {
      name: "empty name",
      run: ["", "x"],
      code: 3,
      error: "CAPABILITY_NOT_FOUND",
      stderr: ['Cannot find capability ""'],
    },
    {
      name: "folder",
      run: ["./capabilities/folder.yaml", "x"],
      code: 3,
      error: "CAPABILITY_NOT_FOUND",
      stderr: ["Cannot find capability"],
    },
    invalid("YAML syntax error: line, column, caret", "syntax", /syntax\.yaml:\d+:\d+/, /^ +\d+ \| .*\n +\| +\^$/m),
    invalid("tab as indentation", "tabs", /tabs\.yaml:3:1/, /\n +3 \| .*\n +\| \^\n/),
    invalid("key given twice", "twice", /twice\.yaml:2:1/, "unique"),
    invalid("two documents in one file", "two", /two\.yaml:3:1/, "more than one YAML document"),
    invalid(
      "files that import each other",
      "circle",
      "Import cycle: circle.yaml → ring.yaml → circle.yaml",
      /ring\.yaml:2:10/,
    ),
    invalid(
      "an import from outside the folder",
      "outside",
      /odd\.yaml is outside .*capabilities; --allow-import .* allows it/,
      /outside\.yaml:2:10/,
    ),
    invalid(
      "an imported file that is not there, and a namespace that a file has not",
      "lost",
      /lost\.yaml:4:7.*there is no file .*none\.yaml/,
      /lost\.yaml:5:7.*has no "shopp" in its consumes; did you mean "shop"\?/,
    ),
    invalid(
      "a mistake in a file of the newer generation, where it is written",
      "newer",
      /newer\.yaml:8:62/,
      'Expected one of GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, found "FETCH"',
    ),
    invalid("alias bomb", "bomb", "more than 1000 aliases"),
    invalid("file of 18 MB", "big", "big.yaml: it is larger than 16 MiB"),
    invalid("nesting of 50,000 levels", "deep", "deep.yaml"),
    invalid(
      "YAML of something else",
      "other",
      'it has neither "naftiko" nor "ikanos" at its root (found name, services)',
      "other.yaml:1:1",
    ),
    invalid("a list", "list", "the document is a list"),
    invalid("a text", "text", "the document is a string"),
    invalid("an empty file", "empty", "the document is empty"),
    invalid("bytes that are no UTF-8", "latin", "it is not UTF-8 text"),
    {
      ...invalid(
        "schema errors, all of them in file order",
        "several",
        "several.yaml is not a valid capability: 3 errors",
        /several\.yaml:8:11.*"path" is missing[\s\S]*several\.yaml:11:23.*"FETCH"[\s\S]*several\.yaml:16:23.*"nowhere"/,
        / {2}11 \| {15}method: FETCH\n {5}\| {23}\^/,
      ),
      details: { diagnostics: [expect.anything(), expect.anything(), expect.anything()], omitted: 0 },
    },
    {
      ...invalid("sixty schema errors: fifty shown, the rest counted", "many", "60 errors", "… and 10 more"),
      details: { diagnostics: expect.objectContaining({ length: 50 }), omitted: 10 },
    },
  ])("$name", expectRow);
});

describe.concurrent("run refuses an operation that it cannot tell", () => {
  it.each<Row>([
    {
      name: "unknown",
      run: ["shop", "serch"],
      code: 2,
      error: "OPERATION_NOT_FOUND",
      stderr: [
        'Capability shop has no operation "serch"; did you mean "search"?',
        "naftiko run shop lists its 4 operations",
      ],
      details: { operation: "serch", suggestions: ["search"] },
    },
    {
      name: "like nothing",
      run: ["shop", "zzzzzz"],
      code: 2,
      error: "OPERATION_NOT_FOUND",
      stderr: ['no operation "zzzzzz"\n'],
      details: { suggestions: [] },
    },
    {
      name: "unknown method and path",
      run: ["shop", "PUT /items"],
      code: 2,
      error: "OPERATION_NOT_FOUND",
      stderr: ["GET /items"],
    },
    {
      name: "a word of Object",
      run: ["shop", "constructor"],
      code: 2,
      error: "OPERATION_NOT_FOUND",
      stderr: ["constructor"],
    },
    {
      name: "ambiguous: the ways to write it",
      run: ["twins", "get"],
      code: 2,
      error: "OPERATION_AMBIGUOUS",
      stderr: ['"left.get"', '"GET /b"', '"GET /c"'],
      details: { operation: "get", candidates: ["left.get", "GET /b", "GET /c"] },
    },
    {
      name: "ambiguous in its resource",
      run: ["twins", "right.get"],
      code: 2,
      error: "OPERATION_AMBIGUOUS",
      stderr: ['"GET /b", "GET /c"'],
    },
    {
      name: "none: the operations are listed",
      run: ["shop"],
      code: 2,
      error: "USAGE",
      stderr: [/ {2}search +GET +\/items\n {2}create +POST +\/items\n/, "usage: naftiko run <capability> <operation>"],
    },
    {
      name: "nothing at all",
      run: [],
      code: 2,
      error: "USAGE",
      stderr: ["No capability given; `naftiko list`"],
    },
  ])("$name", expectRow);
});

const search = ["shop", "search", "--subject", "s"];

function badInput(name: string, run: readonly string[], ...stderr: (string | RegExp)[]): Row {
  return { name, run, code: 2, error: "INPUT_INVALID", stderr };
}

describe.concurrent("run refuses an input that it cannot send", () => {
  it.each<Row>([
    {
      name: "missing: how to give it",
      run: ["shop", "search"],
      code: 2,
      error: "INPUT_MISSING",
      stderr: ['operation "search": input "subject" has no value\n  --subject <string>  (query, required)\n'],
      details: { operation: "search", inputs: ["subject"] },
    },
    {
      name: "several missing at once",
      run: ["shop", "transfer", "--note", "x"],
      code: 2,
      error: "INPUT_MISSING",
      stderr: [
        'inputs "reason", "id", "owner" have no value',
        "  --reason <string>  (query, required)\n  --id <string>      (path, required)\n  --owner <string>   (path, required)\n",
      ],
      details: { inputs: ["reason", "id", "owner"] },
    },
    {
      name: "missing body",
      run: ["shop", "create"],
      code: 2,
      error: "INPUT_MISSING",
      stderr: ["  --body <object>  (body, required)\n"],
    },
    {
      name: "missing host",
      run: ["hosted", "read"],
      code: 2,
      error: "INPUT_MISSING",
      stderr: ["  --store <string>  (base URI, required)\n"],
    },
    {
      name: "undeclared: the nearest name",
      run: ["shop", "search", "--subjct", "s"],
      code: 2,
      error: "INPUT_UNKNOWN",
      stderr: ['no input "subjct"; did you mean "subject"?', "naftiko run shop search --help shows its inputs"],
      details: { inputs: ["subjct"], suggestions: ["subject"] },
    },
    {
      name: "undeclared: the nearest option",
      run: [...search, "--ouput", "table", "--qeury=a=b"],
      code: 2,
      error: "INPUT_UNKNOWN",
      stderr: [
        'no input "ouput"; no input "qeury" (',
        "\nDid you mean --output, an option of run?\nDid you mean --query, an option of run?\nnaftiko run shop search --help",
      ],
    },
    {
      name: "undeclared: not the names of two hundred others",
      run: ["wide", "read", "--nothing-like-it", "x"],
      code: 2,
      error: "INPUT_UNKNOWN",
      stderr: [/^.{0,400}\n/],
      absent: ["column_150"],
    },
    {
      name: "undeclared by -i",
      run: [...search, "-i", "__proto__=x"],
      code: 2,
      error: "INPUT_UNKNOWN",
      stderr: ['no input "__proto__"'],
    },
    {
      name: "undeclared by --inputs",
      run: [...search, "--inputs", '{"nope":1}'],
      code: 2,
      error: "INPUT_UNKNOWN",
      stderr: ['no input "nope"'],
    },
    badInput("text for a number", [...search, "--ratio", "a lot"], 'input "ratio" must be a number, found "a lot"'),
    badInput("fraction for an integer", [...search, "--limit", "1.5"], 'input "limit" must be an integer, found "1.5"'),
    badInput("hexadecimal number", [...search, "--limit", "0x10"], 'must be an integer, found "0x10"'),
    badInput("empty number", [...search, "--limit", ""], 'must be an integer, found ""'),
    badInput("word for a boolean", [...search, "--active", "yes"], 'must be a boolean, found "yes"'),
    badInput("text for an array", [...search, "--tags", "a"], 'input "tags" is not JSON', "repeat --tags"),
    badInput("object for an array", [...search, "--tags", '{"a":1}'], "must be an array, found an object"),
    badInput("array for an object", [...search, "--filter", "[1]"], "must be an object, found an array"),
    badInput("many values for one", [...search, "--limit", "1", "--limit", "2"], "must be an integer, found an array"),
    badInput(
      "no value for a text",
      ["shop", "search", "--subject"],
      'input "subject" has no value; write --subject <value>',
    ),
    badInput("option for a value", ["shop", "search", "--subject", "--quiet"], 'input "subject" has no value'),
    badInput(
      "body that is not JSON: the position",
      ["shop", "create", "--body", '{"a":\n  x}'],
      'input "body" is not JSON: unexpected "x" at line 2, column 3',
    ),
    badInput(
      "body that ends early",
      ["shop", "create", "--body", '{"a":'],
      "is not JSON: the text ends at line 1, column 6",
    ),
    badInput("empty body", ["shop", "create", "--body", ""], 'input "body" is not JSON: it is empty'),
    badInput(
      "body of a file that is not JSON",
      ["shop", "create", "--body", "@odd.json"],
      'unexpected "}" at line 1, column 10',
    ),
    badInput("text as body", ["shop", "create", "--body", '"text"'], "must be an object"),
    badInput(
      "file that is not there",
      ["shop", "create", "--body", "@none.json"],
      'input "body" cannot be read from /',
      "none.json: there is no such file or folder (ENOENT)",
    ),
    badInput("folder for a file", ["shop", "create", "--body", "@capabilities"], "EISDIR"),
    { ...badInput("empty standard input", ["shop", "create", "--body", "-"], "it is empty"), stdin: "" },
    badInput("path value ..", ["shop", "read", "--id", ".."], 'input "id" makes a path segment "." or ".."'),
    badInput("path value .", ["shop", "read", "--id", "."], 'input "id"'),
    badInput("empty path value", ["shop", "read", "--id="], 'input "id" is empty, which a path segment cannot be'),
    badInput(
      "header with CR LF",
      [...search, "--X-Trace", "a\r\nX-Evil: 1"],
      'input "X-Trace" holds the character U+000D',
    ),
    badInput("header with an emoji", [...search, "--X-Trace", "😀"], "U+1F600"),
    badInput(
      "cookie with a line break",
      [...search, "--session", "a\nb"],
      'input "session" holds the character U+000A',
    ),
    badInput("host with a slash", ["hosted", "read", "--store", "evil.test/"], 'input "store" stands in the base URI'),
    badInput(
      "host with an at sign",
      ["hosted", "read", "--store", "a@evil.test"],
      'input "store" stands in the base URI',
    ),
  ])("$name", expectRow);
});

describe.concurrent("run refuses a call that lacks what the environment should bring", () => {
  it.each<Row>([
    {
      name: "missing binds: the variable, the bind and where it was looked for",
      run: ["locked", "read"],
      code: 4,
      error: "BIND_MISSING",
      stderr: [
        'SHOP_REGION of bind "env" (looked for environment variable SHOP_AREA)',
        'SHOP_TOKEN of bind "env"',
        /locked\.yaml:\d+:\d+/,
        /^Set SHOP_.*SHOP_.* in the environment or in \.env\nWith --mock the call needs no account$/m,
      ],
      details: { operation: "read", variables: expect.arrayContaining(["SHOP_TOKEN", "SHOP_REGION"]) },
    },
    {
      name: "empty bind",
      run: ["locked", "read"],
      env: { SHOP_TOKEN: "", SHOP_AREA: "north" },
      code: 4,
      error: "BIND_MISSING",
      stderr: ["no value for SHOP_TOKEN"],
      details: { variables: ["SHOP_TOKEN"] },
    },
    {
      name: "variable that its bind does not declare, and the environment does not have",
      run: ["locked", "undeclared"],
      env: { SHOP_TOKEN: "t0k3n" },
      code: 4,
      error: "BIND_MISSING",
      stderr: [
        'SHOP_COUNTRY of bind "env", which does not declare it (looked for environment variable SHOP_COUNTRY)',
        /locked\.yaml:\d+:\d+/,
      ],
      details: { variables: ["SHOP_COUNTRY"] },
    },
    {
      name: "variable that no bind declares, whatever the environment has",
      run: ["locked", "misspelt"],
      env: { SHOP_TOKEN: "t0k3n", SHOP_REGIONS: "it" },
      code: 4,
      error: "BIND_MISSING",
      stderr: [
        'SHOP_REGIONS (no bind declares it: add it to binds; did you mean "SHOP_REGION"?)',
        /locked\.yaml:\d+:\d+/,
      ],
      details: { variables: ["SHOP_REGIONS"] },
    },
    {
      name: "missing base URI",
      run: ["open", "read"],
      code: 4,
      error: "BASE_URI_MISSING",
      stderr: ['the base URI of "open" empty\n', /open\.yaml:\d+:\d+/, /^--base-uri open=https:\/\/… sets it$/m],
      details: { namespace: "open" },
    },
    {
      name: "base URI of another scheme",
      run: ["ftp", "read"],
      code: 2,
      error: "REQUEST_INVALID",
      stderr: ['the base URI "ftp://files.example.test" has the scheme "ftp", not http or https'],
    },
  ])("$name", expectRow);
});

function usage(name: string, run: readonly string[], ...stderr: (string | RegExp)[]): Row {
  return { name, run, code: 2, error: "USAGE", stderr };
}

describe.concurrent("run refuses a command line that it does not understand", () => {
  it.each<Row>([
    usage(
      "argument too many",
      [...search, "stray"],
      'Unexpected argument "stray": inputs are written --name value',
      "usage:",
    ),
    usage("one dash", [...search, "-x"], 'Unexpected argument "-x"'),
    usage("-i without a name", [...search, "-i", "value"], 'Cannot read the input "value": write --input name=value'),
    usage("option without a value", [...search, "--timeout"], "No value given for --timeout"),
    usage("option before another", [...search, "--base-uri", "--quiet"], "No value given for --base-uri"),
    usage(
      "--timeout in words",
      [...search, "--timeout", "soon"],
      'Option --timeout takes a number of milliseconds, or a duration such as 500ms, 5s, 2m or 1h, found "soon"',
    ),
    usage("--every of no time", [...search, "--until", "$.a", "--every", "0s"], "takes at least 1 ms"),
    usage("--bind-timeout of a year", [...search, "--bind-timeout", "8760h"], "takes at most 2147483647 ms"),
    usage("--max-decode-time in words", [...search, "--max-decode-time", "long"], "or a duration"),
    usage("--timeout below zero", [...search, "--timeout", "-1"], 'found "-1"'),
    usage("--retries with a fraction", [...search, "--retries", "1.5"], "Option --retries takes a whole number"),
    usage("--select twice", [...search, "--select", "$", "--select", "$"], "Option --select is given 2 times"),
    usage("--select that is no JSONPath", [...search, "--select", "$["], 'Cannot read --select "$[" as JSONPath'),
    usage(
      "value for an option without one",
      [...search, "--mock=maybe"],
      'Option --mock takes no value, found "maybe"',
    ),
    usage(
      "--inputs that is not JSON",
      [...search, "--inputs", "{a}"],
      'Cannot read --inputs: not JSON: unexpected "a" at line 1, column 2',
    ),
    usage("--inputs that is no object", [...search, "--inputs", "[1]"], "Cannot read --inputs: not a JSON object"),
    usage("--inputs of a missing file", [...search, "--inputs", "@none"], "ENOENT"),
    usage(
      "--base-uri that is no URL",
      [...search, "--base-uri", "nowhere"],
      'Cannot use --base-uri "nowhere": "nowhere" is not an absolute URL',
    ),
    usage("--base-uri of another scheme", [...search, "--base-uri", "file:///etc"], 'has the scheme "file"'),
    usage("--base-uri with a query", [...search, "--base-uri", "https://a.test/?x=1"], 'holds a "?" or "#"'),
    usage("--base-uri of an unknown namespace", [...search, "--base-uri", "shp=https://a.test"], "shop consumes shop"),
  ])("$name", expectRow);

  it.each([
    { what: "is not there", file: "none.env", reason: /there is no such file or folder \(ENOENT\)/ },
    { what: "is a folder", file: "capabilities", reason: /it is a folder \(EISDIR\)/ },
    { what: "never ends", file: "/dev/zero", reason: /it is larger than 1048576 bytes/ },
  ])("an --env-file that $what", async ({ file, reason }) => {
    const { code, stdout, stderr } = await runCommand(["run", ...search, "--env-file", file], {
      cwd: folder,
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(new RegExp(`^error: Cannot read the variables of \\S*${file}: ${reason.source}`));
  });

  it.each([
    { args: ["--output", "xml"], stderr: 'Option --output is one of json, yaml, table, raw, found "xml"' },
    { args: ["--output", "raw", "--select", "$"], stderr: "Option --select reads the outputs" },
  ])("$args", async ({ args, stderr }) => {
    const result = await runCommand(["run", ...search, ...args], { cwd: folder });
    expect(result).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(stderr) });
  });
});
