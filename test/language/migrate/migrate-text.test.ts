import { describe, expect, it, test } from "vitest";
import { migrateText } from "../../../src/language/migrate/migrate-text.ts";

/** A file in lines, whose capability is `lines`, indented by two. */
function capability(...lines: string[]): string {
  return `naftiko: "1.0.0-alpha3"\ncapability:\n${lines.map(line => `${indent(line, 2)}\n`).join("")}`;
}

function indent(line: string, columns: number): string {
  return line === "" ? "" : " ".repeat(columns) + line;
}

/** Returns the migrated capability of {@link capability}, as lines. */
function migrated(...lines: string[]): string[] {
  const result = migrateText(capability(...lines));
  if (!result.ok) throw new Error(result.finding.message);
  const head = 'ikanos: "1.0.0-beta5"\ncapability:\n';
  expect(result.text.startsWith(head)).toBe(true);
  expect(result.findings).toEqual([]);
  expect(migrateText(result.text)).toEqual(result);
  return result.text
    .slice(head.length)
    .trimEnd()
    .split("\n")
    .map(line => line.replace(/^ {2}/, ""));
}

function findingsOf(text: string): string[] {
  const result = migrateText(text);
  if (!result.ok) return [`refused: ${result.finding.message}`];
  return result.findings.map(
    ({ severity, message, offset }) => `${text.slice(0, offset).split("\n").length} ${severity}: ${message}`,
  );
}

interface Case {
  readonly what: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const consumes = (...lines: string[]) => ["consumes:", "  - type: http", ...lines.map(line => indent(line, 4))];
const parameters = (...lines: string[]) => consumes("inputParameters:", ...lines);

const CASES: readonly Case[] = [
  {
    what: "a list of maps, and the lists in them",
    before: consumes(
      "resources:",
      "  - name: books",
      "    label: Books",
      "    path: /books",
      "    operations:",
      "      - name: get",
      "        label: Get",
      "        method: GET",
      "        outputParameters:",
      "          - name: id",
      "            value: $.id",
    ),
    after: consumes(
      "resources:",
      "  books:",
      "    display: Books",
      "    path: /books",
      "    operations:",
      "      get:",
      "        display: Get",
      "        method: GET",
      "        outputParameters:",
      "          id:",
      "            value: $.id",
    ),
  },
  {
    what: "a list that is not indented",
    before: parameters("- name: a", "  in: path", "# b", "- name: b", "  in: query", "  # end", "# after"),
    after: parameters("  a:", "    in: path", "  # b", "  b:", "    in: query", "    # end", "# after"),
  },
  {
    what: "a name that is not the first member",
    before: parameters("  - in: path", "    name: a", "    type: string", "  - in: query", "    name: b"),
    after: parameters("  a:", "    in: path", "    type: string", "  b:", "    in: query"),
  },
  {
    what: "comments around a name",
    before: parameters(
      "  # before",
      "  - name: a # at a",
      "    # in a",
      "    in: path # path",
      "",
      "  - in: query # query",
      "    # about b",
      "    name: b # at b",
      "  - # dash",
      "    name: c # at c",
      "    in: query",
      "  # behind",
    ),
    after: parameters(
      "  # before",
      "  a: # at a",
      "    # in a",
      "    in: path # path",
      "",
      "  b: # at b",
      "    in: query # query",
      "    # about b",
      "  c: # dash",
      "    # at c",
      "    in: query",
      "  # behind",
    ),
  },
  {
    what: "items in braces",
    before: parameters(
      "  - { name: a, in: path } # a",
      "  - {in: query, name: b}",
      "  - { name: c }",
      "  -   {'name': 'd', x: 1 }",
    ),
    after: parameters("  a: { in: path } # a", "  b: {in: query}", "  c: {}", "  'd': {x: 1 }"),
  },
  {
    what: "a list in brackets",
    before: consumes('inputParameters: [ { name: a, in: path }, { in: query, name: "b" } ] # all'),
    after: consumes('inputParameters: { a: { in: path }, "b": { in: query } } # all'),
  },
  {
    what: "brackets and braces over many lines",
    before: consumes(
      "inputParameters: [",
      "  {",
      "    name: a, # the name",
      "    in: path",
      "  }, # a",
      "  { in: query, # query",
      "    name: b # b",
      "    , type: string },",
      "  { in: path",
      "    # before the comma",
      "    , name: c },",
      "]",
    ),
    after: consumes(
      "inputParameters: {",
      "  a: {",
      "    # the name",
      "    in: path",
      "  }, # a",
      "  b: { in: query, # query",
      "     # b",
      "     type: string },",
      "  c: { in: path",
      "    # before the comma",
      "     },",
      "}",
    ),
  },
  {
    what: "items with a name and nothing else, and lists of none",
    before: [...parameters("  - name: a # a", "  -", "    name: b"), "  - inputParameters: [] # none"],
    after: [...parameters("  a: {} # a", "  b: {}"), "  - inputParameters: {} # none"],
  },
  {
    what: "names that need quotes, and those that have them",
    before: parameters(
      '  - name: "404"',
      "  - name: yes",
      "  - name: 0404",
      "  - name: 'it''s'",
      "  - name: true",
      "  - name: 2024-01-01",
      "  - name: page[size]",
      "  - name: $top",
      "  - name: a b",
      "  - name: a:b",
      "  - name: ü",
      '  - name: "null"',
    ),
    after: parameters(
      '  "404": {}',
      '  "yes": {}',
      '  "0404": {}',
      "  'it''s': {}",
      '  "true": {}',
      '  "2024-01-01": {}',
      '  "page[size]": {}',
      "  $top: {}",
      "  a b: {}",
      "  a:b: {}",
      "  ü: {}",
      '  "null": {}',
    ),
  },
  {
    what: "texts over many lines",
    before: parameters(
      "- name: a",
      "  description: |2",
      "     # no comment",
      "",
      "    end",
      "  long: plain words",
      "    that go on",
      '  quoted: "and',
      "",
      '    on"',
    ),
    after: parameters(
      "  a:",
      "    description: |2",
      "       # no comment",
      "",
      "      end",
      "    long: plain words",
      "      that go on",
      '    quoted: "and',
      "",
      '      on"',
    ),
  },
  {
    what: "imports, and binds, whose location is something else",
    before: ["consumes:", "  - location: ./a.yaml # file", "    import: a", "binds:", "  - location: file:///x"],
    after: ["consumes:", "  - from: ./a.yaml # file", "    import: a", "binds:", "  - location: file:///x"],
  },
  {
    what: "steps, mappings and their outputs, and not those of a look-up",
    before: [
      "exposes:",
      "  - type: mcp",
      "    tools:",
      "      - name: t",
      "        steps:",
      "          - { type: call, name: s, call: a.b, with: { label: x } }",
      "          - { type: lookup, name: l, outputParameters: [ id ] }",
      "        mappings:",
      "          - targetName: x",
      "            value: $.s",
      "        outputParameters:",
      "          - name: x",
      "            type: array",
      "            items:",
      "              - name: y",
      "                type: string",
      "          - name: z",
      "            type: array",
      "            items: { type: string }",
    ],
    after: [
      "exposes:",
      "  - type: mcp",
      "    tools:",
      "      t:",
      "        steps:",
      "          s: { type: call, call: a.b, with: { label: x } }",
      "          l: { type: lookup, outputParameters: [ id ] }",
      "        mappings:",
      "          - target: x",
      "            value: $.s",
      "        outputParameters:",
      "          x:",
      "            type: array",
      "            items:",
      "              y:",
      "                type: string",
      "          z:",
      "            type: array",
      "            items: { type: string }",
    ],
  },
  {
    what: "mapped outputs, prompts' templates and forms' parts, which stay lists",
    before: [
      "consumes:",
      "  - resources: [ { name: r, operations: [ { name: o, body: { type: multipartForm, data: [ { name: f, label: l } ] } } ] } ]",
      "exposes:",
      "  - type: mcp",
      "    tools: [ { name: t, call: a.b, outputParameters: [ { name: x, type: object, mapping: $. } ] } ]",
      "    prompts: [ { name: p, label: P, arguments: [ { name: a, label: A } ], template: [ { role: user, content: x } ] } ]",
    ],
    after: [
      "consumes:",
      "  - resources: { r: { operations: { o: { body: { type: multipartForm, data: [ { name: f, label: l } ] } } } } }",
      "exposes:",
      "  - type: mcp",
      "    tools: { t: { call: a.b, outputParameters: [ { name: x, type: object, mapping: $. } ] } }",
      "    prompts: { p: { display: P, arguments: { a: { display: A } }, template: [ { role: user, content: x } ] } }",
    ],
  },
  {
    what: "aggregates and skills",
    before: [
      "aggregates:",
      "  - label: Forecast",
      "    namespace: f",
      "    functions:",
      "      - name: get",
      "        call: a.b",
      "exposes:",
      "  - type: skill",
      "    skills: [ { name: s, tools: [ { name: t, instruction: t.md } ] } ]",
    ],
    after: [
      "aggregates:",
      "  - display: Forecast",
      "    namespace: f",
      "    flows:",
      "      get:",
      "        call: a.b",
      "exposes:",
      "  - type: skill",
      "    skills: { s: { tools: { t: { instruction: t.md } } } }",
    ],
  },
  {
    what: "what is a map already, and lists in it",
    before: consumes("resources:", '  "books":', "    label: Books", "    operations: [ { name: get } ]"),
    after: consumes("resources:", '  "books":', "    display: Books", "    operations: { get: {} }"),
  },
  {
    what: "anchors of what does not change, and of lists that change everywhere",
    before: [
      "consumes:",
      "  - inputParameters: &common",
      "      - { name: a, value: &text hello }",
      "  - inputParameters: *common",
      "    baseUri: *text",
    ],
    after: [
      "consumes:",
      "  - inputParameters: &common",
      "      a: { value: &text hello }",
      "  - inputParameters: *common",
      "    baseUri: *text",
    ],
  },
];

describe("migrateText() writes as in the newest form", () => {
  test.each(CASES)("$what", ({ before, after }) => {
    expect(migrated(...before)).toEqual(after);
  });

  it("names for those that have none, and says so", () => {
    const text = capability(
      "exposes:",
      "  - type: rest",
      "    resources:",
      "      - path: /ships/{{imo-number}}",
      "        operations:",
      "          - { method: GET, call: registry.get-ship }",
      "          - { method: PUT, ref: fleet.put-ship }",
      "          - { name: get-ship-2, method: HEAD }",
      "          - { method: PATCH, call: registry.get-ship }",
      "          - { method: DELETE }",
      "      - path: /",
      "  - { type: mcp, tools: [ { ref: fleet.get } ] }",
    );
    const result = migrateText(text);
    expect(result.ok && result.text.split("\n").slice(2, -1)).toEqual([
      "  exposes:",
      "    - type: rest",
      "      resources:",
      "        ships-imo-number:",
      "          path: /ships/{{imo-number}}",
      "          operations:",
      "            get-ship: { method: GET, call: registry.get-ship }",
      "            put-ship: { method: PUT, ref: fleet.put-ship }",
      "            get-ship-2: { method: HEAD }",
      "            get-ship-3: { method: PATCH, call: registry.get-ship }",
      "            delete: { method: DELETE }",
      "        root:",
      "          path: /",
      "    - { type: mcp, tools: { get: { ref: fleet.get } } }",
    ]);
    expect(findingsOf(text)).toHaveLength(7);
    expect(findingsOf(text)[0]).toBe('6 info: An entry of "resources" without a name gets the name ships-imo-number');
  });
});

describe("migrateText() writes the version", () => {
  test.each([
    ["naftiko: 1.0.0-alpha2 # v", "ikanos: 1.0.0-beta5 # v"],
    ["naftiko: '0.5'", "ikanos: '1.0.0-beta5'"],
    ["naftiko: 0.5", 'ikanos: "1.0.0-beta5"'],
    ["naftiko:", 'ikanos: "1.0.0-beta5"'],
    ['"naftiko": "1.0.0-alpha3"', '"ikanos": "1.0.0-beta5"'],
    ["ikanos: 1.0.0-alpha3", "ikanos: 1.0.0-beta5"],
    ["ikanos: 1.0.0-beta3", "ikanos: 1.0.0-beta5"],
    ["ikanos: 1.0.0-beta5", "ikanos: 1.0.0-beta5"],
    ["{ naftiko: '0.5', info: { label: a } }", "{ ikanos: '1.0.0-beta5', info: { display: a } }"],
    ["---\nnaftiko: '0.5'\n...", "---\nikanos: '1.0.0-beta5'\n..."],
    ["info:\n  label: a\nnaftiko: '0.5'", "info:\n  display: a\nikanos: '1.0.0-beta5'"],
  ])("%j as %j", (before, after) => {
    expect(migrateText(`${before}\n`)).toEqual({ ok: true, text: `${after}\n`, findings: [] });
  });

  test.each(["ikanos: 1.0.0-beta6", "ikanos: 1.0.0", "ikanos: 2"])("but leaves %j", text => {
    expect(migrateText(text)).toMatchObject({ ok: true, text });
    expect(findingsOf(text)).toEqual(["1 warning: The version stays: this is not one before 1.0.0-beta5"]);
  });

  it.each(["{naftiko, capability}\n", "? naftiko\n? capability\n"])(
    "leaves a version that stands without a value: %j",
    text => {
      expect(findingsOf(text)).toEqual(["1 warning: The version stays: it has no value"]);
      expect(migrateText(text)).toMatchObject({ ok: true, text });
    },
  );
});

describe("migrateText() keeps", () => {
  it("the line breaks of Windows, and a last line without one", () => {
    const before = capability(...parameters("- in: path # p", "  name: a", "- name: b", "  in: query")).trimEnd();
    const result = migrateText(before.replaceAll("\n", "\r\n"));
    const after = parameters("  a:", "    in: path # p", "  b:", "    in: query").map(line => indent(line, 2));
    expect(result).toEqual({
      ok: true,
      text: ['ikanos: "1.0.0-beta5"', "capability:", ...after].join("\r\n"),
      findings: [],
    });
  });

  it("an indentation by four", () => {
    const before = [
      "naftiko: '0.5'",
      "capability:",
      "    consumes:",
      "        - inputParameters:",
      "              - name: a",
      "                in: path",
      "          resources:",
      "          - name: r",
      "            path: /",
      "",
    ].join("\n");
    const after = [
      "ikanos: '1.0.0-beta5'",
      "capability:",
      "    consumes:",
      "        - inputParameters:",
      "              a:",
      "                  in: path",
      "          resources:",
      "              r:",
      "                  path: /",
      "",
    ].join("\n");
    expect(migrateText(before)).toEqual({ ok: true, text: after, findings: [] });
  });

  const STAYS: readonly (readonly [what: string, lines: readonly string[], finding: string])[] = [
    ["a name twice", ["- { name: a, in: path }", "- { name: a, in: query }"], '6 warning: … the name "a" repeats'],
    ["no name", ["- { name: a }", "- { in: query }"], "6 warning: … an entry has no name"],
    ["an empty name", ["- { name: '' }"], "5 warning: … a name is empty, or no key can be as long"],
    ["a name that is null", ["- { name: ~ }"], "5 warning: … a name is empty, or no key can be as long"],
    ["a name of lines", ["- name: |", "    a"], "5 warning: … a name is empty, or no key can be as long"],
    ["a very long name", [`- name: ${"a".repeat(1100)}`], "5 warning: … a name is empty, or no key can be as long"],
    ["a comment before a name", ["- name: # c", "    a"], "5 warning: … a name is not plainly written"],
    ["an anchor at a name", ["- name: &n a"], "5 warning: … a name is not plainly written"],
    ["a name by question mark", ["- ? name", "  : a"], "5 warning: … a name is not plainly written"],
    ["an entry with an anchor", ["- &e", "  name: a"], "6 warning: … an entry has an anchor"],
    ["an entry with a tag", ["- !!map { name: a }"], "5 warning: … an entry has a tag"],
    ["text as an entry", ["- a"], "5 warning: … an entry is not a map"],
    [
      "whole numbers that are not in front",
      ["- { name: a }", "- { name: '1' }"],
      "5 warning: … a map would put names that are whole numbers first",
    ],
  ];
  test.each(STAYS)("a list with %s", (_, lines, finding) => {
    const text = capability("consumes:", "- inputParameters:", ...lines.map(line => `    ${line}`));
    expect(migrateText(text)).toMatchObject({
      ok: true,
      text: text.replace('naftiko: "1.0.0-alpha3"', 'ikanos: "1.0.0-beta5"'),
    });
    expect(findingsOf(text)).toEqual([finding.replace("…", '"inputParameters" stays a list:')]);
  });

  it("a label beside a display", () => {
    expect(findingsOf("naftiko: '0.5'\ninfo: { label: a, display: b }\n")).toEqual([
      '2 warning: "label" stays: there is "display" too',
    ]);
  });

  it("root imports", () => {
    const text = "naftiko: '0.5'\nimports: [ ./a.yaml ]\n";
    expect(migrateText(text)).toMatchObject({
      ok: true,
      text: text.replace("naftiko: '0.5'", "ikanos: '1.0.0-beta5'"),
    });
    expect(findingsOf(text)).toEqual([expect.stringMatching(/^2 warning: "imports" stays: /)]);
  });

  it("a comment that looks as if it was in a text, and a text that looks like a comment", () => {
    expect(migrated(...parameters("- name: a", "  value: '# no' # yes", "  x: |", "    # no", "  # yes"))).toEqual(
      parameters("  a:", "    value: '# no' # yes", "    x: |", "      # no", "    # yes"),
    );
  });
});

describe("migrateText() refuses", () => {
  test.each([
    ["a: 1\n", false, 'This is not a capability: the key "naftiko" or "ikanos" is missing'],
    ["- a\n", false, "This is not a capability: the document is not a map"],
    ["", false, "This is not a capability: the document is not a map"],
    ["naftiko: 1\nikanos: 1\n", true, 'There can be only one of the keys "naftiko" and "ikanos"'],
  ])("%j", (text, isCapability, message) => {
    expect(migrateText(text)).toMatchObject({ ok: false, isCapability, finding: { message } });
  });

  test("a merge key, where something changes", () => {
    const merging = (version: string) => `${version}: 1.0.0-beta5\nx: &x { a: 1 }\ncapability: { <<: *x }\n`;
    expect(findingsOf(merging("naftiko"))).toEqual([
      "refused: The maps that << merges cannot be migrated: write them out",
    ]);
    expect(migrateText(merging("ikanos"))).toMatchObject({ ok: true, text: merging("ikanos") });
  });

  test.each([
    ["in another role", capability("consumes:", "- inputParameters: &p [ { name: a } ]", "  resources: *p")],
    ["where nothing changes", capability("consumes:", "- inputParameters: &p [ { name: a } ]", "  x: *p")],
    [
      "that it has from where nothing changes",
      `x: &p [ { name: a } ]\n${capability("consumes:", "- inputParameters: *p")}`,
    ],
  ])("an alias %s", (_, text) => {
    expect(findingsOf(text)).toEqual([
      "refused: What *p stands for has to change in one place and not in another: write it out",
    ]);
  });
});
