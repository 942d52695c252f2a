// The families of growth-files.mjs: `make(n)` gives an input of size `n`, `run` does the work that is measured.

const many = (count, one, separator = "") => Array.from({ length: count }, (_, index) => one(index)).join(separator);

const capability = ({
  head = "",
  inputs = "",
  path = "/a",
  operation = "",
  resources,
  consumes = "",
}) => `naftiko: 1.0.0-alpha2
${head}capability:
  consumes:
  - type: http
    namespace: api
    baseUri: https://api.example.test/v1
${consumes}    resources:
${
  resources ??
  `    - name: r
      path: ${path}
      operations:
      - name: get
        method: GET
${inputs === "" ? "" : `        inputParameters:\n${inputs}`}${operation}`
}`;

const input = (name, location, more = "") =>
  `        - name: ${name}\n          in: ${location}\n          type: string\n${more}`;

/** Texts of YAML, each of the size it is given. */
const yamlTexts = {
  "list of words": n => many(n, i => `- w${i}\n`),
  "list of quoted words": n => many(n, i => `- "w${i}"\n`),
  "list of single-quoted words": n => many(n, i => `- 'w${i}'\n`),
  "list of empty items": n => "-\n".repeat(n),
  "list, one colon at the end": n => `${"- a\n".repeat(n)}- a: b\n`,
  "list, one quote at the end": n => `${"- a\n".repeat(n)}- "b"\n`,
  "list of words, quote opens": n => `${'- "a\n'.repeat(n)}`,
  "list of single quotes": n => `${"- 'a\n".repeat(n)}`,
  "list of doubled quotes": n => `- '${"''".repeat(n)}'\n`,
  "map of many names": n => many(n, i => `k${i}: v\n`),
  "map of equal names": n => "k: v\n".repeat(n),
  "map of number names": n => many(n, i => `${i}: v\n`),
  "map of empty values": n => many(n, i => `k${i}:\n`),
  "map of quoted names": n => many(n, i => `"k${i}": v\n`),
  "map of maps": n => many(n, i => `k${i}:\n  a: 1\n  b: 2\n`),
  "one long key": n => `${"k".repeat(n)}: v\n`,
  "one long quoted key": n => `"${"k".repeat(n)}": v\n`,
  "one long value": n => `k: ${"v".repeat(n)}\n`,
  "many long lines": n => `k${"v ".repeat(500)}: v\n`.repeat(n),
  "value of colons": n => `k: ${":a".repeat(n)}\n`,
  "line of colons": n => `- ${"a:a".repeat(n)}\n`,
  "spaces at the end": n => `k: v${" ".repeat(n)}\n`,
  "blank lines": n => `k: v\n${"\n".repeat(n)}`,
  "lines of spaces": n => `k: v\n${"          \n".repeat(n)}`,
  comments: n => `k: v\n${"# a comment\n".repeat(n)}`,
  "comments between items": n => "# c\n- a # d\n".repeat(n),
  "plain on many lines": n => `k: a\n${"  b\n".repeat(n)}`,
  "plain with empty lines": n => `k: a\n${"\n  b\n".repeat(n)}`,
  "double-quoted on many lines": n => `k: "a\n${"  b\n".repeat(n)}  c"\n`,
  "double-quoted escaped breaks": n => `k: "a\\\n${"  b\\\n".repeat(n)}  c"\n`,
  "double-quoted backslashes": n => `k: "${"\\\\".repeat(n)}"\n`,
  "double-quoted backslashes and a break": n => `k: "${"\\\\".repeat(n)}\\\n  a"\n`,
  "double-quoted escapes": n => `k: "${"\\u0041".repeat(n)}"\n`,
  "double-quoted unclosed": n => `k: "${"a\n".repeat(n)}`,
  "many unclosed": n => 'k: "a\n'.repeat(n),
  "literal block": n => `k: |\n${"  line\n".repeat(n)}`,
  "folded block": n => `k: >\n${"  line\n".repeat(n)}`,
  "folded block, empty lines": n => `k: >\n${"  line\n\n".repeat(n)}`,
  "block of empty lines": n => `k: |\n${"\n".repeat(n)}  a\n`,
  "many blocks": n => many(n, i => `k${i}: |\n  line\n`),
  "flow list on a line": n => `k: [${"a, ".repeat(n)}b]\n`,
  "flow list on many lines": n => `k: [\n${"  a,\n".repeat(n)}  b]\n`,
  "flow map": n => `k: {${many(n, i => `a${i}: b`, ", ")}}\n`,
  "many flow lists": n => many(n, i => `k${i}: [a, b]\n`),
  "many empty flows": n => "- []\n- {}\n".repeat(n),
  "flow unclosed": n => `k: ${"[a, ".repeat(Math.min(n, 90))}${"b, ".repeat(n)}\n`,
  "deep by dashes": n => `${"- ".repeat(n)}a\n`,
  "deep by brackets": n => `${"[".repeat(n)}${"]".repeat(n)}`,
  "deep by braces": n => `${"{a: ".repeat(n)}1${"}".repeat(n)}`,
  "opening brackets": n => "[".repeat(n),
  anchors: n => many(n, i => `k${i}: &a${i} v\n`),
  "aliases of one": n => `a: &a v\n${many(n, i => `k${i}: *a\n`)}`,
  "aliases of a list": n => `a: &a [${"x,".repeat(n)}x]\n${many(90, i => `k${i}: *a\n`)}`,
  "anchors and aliases": n => many(n, i => `k${i}: &a${i} v\nl${i}: *a${i}\n`),
  "merge keys": n => `a: &a {x: 1}\n${many(n, i => `k${i}:\n  <<: *a\n  y: 1\n`)}`,
  "merge of a large map": n => `a: &a\n${many(n, i => `  k${i}: 1\n`)}${many(90, i => `m${i}:\n  <<: *a\n`)}`,
  tags: n => many(n, i => `k${i}: !!str v\n`),
  directives: n => `${"%FOO bar\n".repeat(n)}---\nk: v\n`,
  "tag directives": n => `${many(n, i => `%TAG !e${i}! tag:e,2000:\n`)}---\nk: v\n`,
  documents: n => "---\nk: v\n".repeat(n),
  "document ends": n => "k: v\n...\n".repeat(n),
  tabs: n => "k:\tv\n".repeat(n),
  "carriage returns": n => many(n, i => `k${i}: v\r`),
  "errors, colons": n => "k: v: w\n".repeat(n),
  "errors, brackets": n => "k: ]\n".repeat(n),
  "errors, percent": n => "k: %a\n".repeat(n),
  "errors, at": n => many(n, i => `k${i}: @a\n`),
  "errors, indentation": n => "  k: v\n k: v\n".repeat(n),
  "errors, escapes": n => `k: "${"\\q".repeat(n)}"\n`,
  "errors on one line": n => `k: [${"@a, ".repeat(n)}b]\n`,
  "explicit keys": n => many(n, i => `? k${i}\n: v\n`),
  "explicit list keys": n => many(n, i => `? [k${i}]\n: v\n`),
  "json on a line": n => `{"k":[${many(n, i => `{"a":${i}}`, ",")}]}`,
  "json, many lines": n => `{\n${many(n, i => `"k${i}": "v"`, ",\n")}\n}`,
  "long text in json": n => `{"k":"${"v".repeat(n)}"}`,
};

/** Whole capability files. */
const files = {
  "many inputs": n => capability({ inputs: many(n, i => input(`i${i}`, "query")) }),
  "many header inputs": n => capability({ inputs: many(n, i => input(`I${i}`, "header")) }),
  "many inputs with colons": n => capability({ inputs: many(n, i => input(`a:i${i}`, "query")) }),
  "many body inputs": n => capability({ inputs: many(n, i => input(`i${i}`, "body")) }),
  "inputs of equal names": n => capability({ inputs: many(n, () => input("i", "query")) }),
  "inputs in two places": n => capability({ inputs: many(n, i => input(`i${i}`, "query") + input(`i${i}`, "header")) }),
  "many path placeholders": n => capability({ path: `/${many(n, i => `{p${i}}`, "/")}` }),
  "declared path placeholders": n =>
    capability({ path: `/${many(n, i => `{p${i}}`, "/")}`, inputs: many(n, i => input(`p${i}`, "path")) }),
  "path of braces": n => capability({ path: `'/${"{".repeat(n)}'` }),
  "path of closing braces": n => capability({ path: `'/{a${"}".repeat(n)}'` }),
  "path of slashes": n => capability({ path: `${"/".repeat(n)}a` }),
  "path of dots": n => capability({ path: "/..".repeat(n) }),
  "query in the path": n => capability({ path: `/a?${many(n, i => `q${i}=1`, "&")}` }),
  "query placeholders in the path": n => capability({ path: `'/a?${many(n, i => `q${i}={q${i}}`, "&")}'` }),
  "ampersands in the path": n => capability({ path: `/a?${"&".repeat(n)}` }),
  "a template of many placeholders": n =>
    capability({
      inputs: `        - name: h\n          in: header\n          value: '${many(n, i => `{{t${i}}}`)}'\n`,
    }),
  "many templates of one input": n =>
    capability({
      inputs:
        input("x", "query") + many(n, i => `        - name: v${i}\n          in: query\n          value: 'a{{x}}'\n`),
    }),
  "chained templates": n =>
    capability({
      inputs: many(n, i => `        - name: v${i}\n          in: query\n          value: 'a{{v${i + 1}}}'\n`),
    }),
  "chained templates backwards": n =>
    capability({
      inputs: many(n, i => `        - name: v${i}\n          in: query\n          value: 'a{{v${i - 1}}}'\n`),
    }),
  "doubling templates": n =>
    capability({
      inputs: many(
        Math.min(n, 40),
        i => `        - name: v${i}\n          in: query\n          value: '{{v${i + 1}}}{{v${i + 1}}}'\n`,
      ),
    }),
  "template of opening braces": n =>
    capability({ inputs: `        - name: h\n          in: header\n          value: '${"{{".repeat(n)}'\n` }),
  "body template": n => capability({ operation: `        body: '{${many(n, i => `"k${i}":"{{b${i}}}"`, ",")}}'\n` }),
  "body of a map": n =>
    capability({
      operation: `        body:\n          type: json\n          data:\n${many(n, i => `            k${i}: '{{b${i}}}'\n`)}`,
    }),
  "form body": n =>
    capability({
      operation: `        body:\n          type: formUrlEncoded\n          data:\n${many(n, i => `            k${i}: '{{b${i}}}'\n`)}`,
    }),
  "multipart body": n =>
    capability({
      operation: `        body:\n          type: multipartForm\n          data:\n${many(n, i => `          - name: k${i}\n            value: '{{b${i}}}'\n`)}`,
    }),
  "body of backslashes": n => capability({ operation: `        body: '{"k":"${"\\".repeat(n)}{{a}}"}'\n` }),
  "many binds": n => capability({ head: `binds:\n- namespace: env\n  keys:\n${many(n, i => `    K${i}: K${i}\n`)}` }),
  "many bind namespaces": n =>
    capability({ head: `binds:\n${many(n, i => `- namespace: n${i}\n  keys:\n    K: K\n`)}` }),
  "binds of equal names": n =>
    capability({ head: `binds:\n${many(n, i => `- namespace: env\n  keys:\n    K${i}: K\n`)}` }),
  "binds that are referred to": n =>
    capability({
      head: `binds:\n- namespace: env\n  keys:\n${many(n, i => `    K${i}: K${i}\n`)}`,
      inputs: many(n, i => `        - name: v${i}\n          in: query\n          value: '{{env.K${i}}}'\n`),
    }),
  "undeclared binds": n =>
    capability({
      inputs: many(n, i => `        - name: v${i}\n          in: query\n          value: '{{env.K${i}}}'\n`),
    }),
  "many operations": n =>
    capability({
      resources: `    - name: r\n      path: /a\n      operations:\n${many(n, i => `      - name: get${i}\n        method: GET\n        path: /b${i}\n`)}`,
    }),
  "operations of equal names": n =>
    capability({
      resources: `    - name: r\n      path: /a\n      operations:\n${many(n, () => "      - name: get\n        method: GET\n")}`,
    }),
  "many resources": n =>
    capability({
      resources: many(
        n,
        i => `    - name: r${i}\n      path: /a${i}\n      operations:\n      - name: get\n        method: GET\n`,
      ),
    }),
  "adapter inputs, many operations": n =>
    capability({
      consumes: `    inputParameters:\n${many(n, i => `    - name: a${i}\n      in: query\n`)}`,
      resources: `    - name: r\n      path: /a\n      operations:\n${many(n, i => `      - name: get${i}\n        method: GET\n`)}`,
    }),
  "many adapters": n =>
    `naftiko: 1.0.0-alpha2\ncapability:\n  consumes:\n${many(n, i => `  - type: http\n    namespace: n${i}\n    baseUri: https://a.test\n    resources:\n    - name: r\n      path: /a\n      operations:\n      - name: get\n        method: GET\n`)}`,
  "adapters of equal namespaces": n =>
    `naftiko: 1.0.0-alpha2\ncapability:\n  consumes:\n${many(n, () => "  - type: http\n    namespace: n\n    baseUri: https://a.test\n")}`,
  "many outputs": n =>
    capability({
      operation: `        outputParameters:\n${many(n, i => `        - name: o${i}\n          type: string\n          value: $.a${i}\n`)}`,
    }),
  "many filters": n =>
    capability({
      operation: `        outputParameters:\n${many(n, i => `        - name: o${i}\n          type: array\n          value: $.a[?(@.b == ${i} && @.c =~ /x/)]\n`)}`,
    }),
  "base URI of placeholders": n => capability({}).replace("api.example", `{a}${many(n, i => `.{h${i}}`)}`),
  "exposed tools": n =>
    `${capability({})}  exposes:\n  - type: mcp\n    namespace: m\n    tools:\n${many(n, i => `    - name: t${i}\n      description: d\n      call: api.get\n`)}`,
  "newer maps by name": n =>
    `ikanos: 1.0.0-beta5\ncapability:\n  consumes:\n  - type: http\n    namespace: api\n    baseUri: https://a.test\n    resources:\n      r:\n        path: /a\n        operations:\n${many(n, i => `          get${i}:\n            method: GET\n`)}`,
  "unknown keys": n => `${capability({})}\n${many(n, i => `x${i}: 1\n`)}`,
  "near-miss keys": n => `${capability({})}\n${many(n, i => `capabilit${i}: 1\n`)}`,
  "missing names": n =>
    capability({
      resources: `    - name: r\n      path: /a\n      operations:\n${"      - method: GET\n".repeat(n)}`,
    }),
  "nothing written": n =>
    capability({
      resources: `    - name: r\n      path: /a\n      operations:\n${many(n, i => `      - name: get${i}\n        method: GET\n        label:\n        description:\n`)}`,
    }),
  "list of nothing": n => capability({ inputs: "        -\n".repeat(n) }),
  "methods in lower case": n =>
    capability({
      resources: `    - name: r\n      path: /a\n      operations:\n${many(n, i => `      - name: get${i}\n        method: get\n`)}`,
    }),
  "wrong types": n =>
    capability({
      resources: `    - name: r\n      path: /a\n      operations:\n${many(n, () => "      - name: []\n        method: {}\n")}`,
    }),
  "wrong methods": n =>
    capability({
      resources: `    - name: r\n      path: /a\n      operations:\n${many(n, i => `      - name: a${i}\n        method: GETT\n`)}`,
    }),
  "wrong paths of outputs": n =>
    capability({
      operation: `        outputParameters:\n${many(n, i => `        - name: o${i}\n          type: string\n          value: $[\n`)}`,
    }),
  "numbers for texts": n =>
    capability({
      resources: `    - name: r\n      path: /a\n      operations:\n${many(n, i => `      - name: ${i}\n        method: GET\n`)}`,
    }),
  "one line of JSON": n =>
    JSON.stringify({
      naftiko: "1.0.0-alpha2",
      capability: {
        consumes: [
          {
            type: "http",
            namespace: "a",
            baseUri: "https://a.test",
            resources: [
              {
                name: "r",
                path: "/a",
                operations: Array.from({ length: n }, (_, i) => ({ name: `a${i}`, method: "GETT" })),
              },
            ],
          },
        ],
      },
    }),
  "one line of departures": n =>
    JSON.stringify({
      naftiko: "1.0.0-alpha2",
      capability: {
        consumes: [
          {
            type: "http",
            namespace: "a",
            baseUri: "https://a.test",
            resources: [
              {
                name: "r",
                path: "/a",
                operations: Array.from({ length: n }, (_, i) => ({ name: `a${i}`, method: "GET", zzz: 1 })),
              },
            ],
          },
        ],
      },
    }),
};

const objects = (rows, columns) =>
  Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(Array.from({ length: columns }, (_, column) => [`c${column}`, row])),
  );

/** Values of about `n` leaves. */
const values = {
  "list of numbers": n => Array.from({ length: n }, (_, i) => i),
  "list of texts": n => Array.from({ length: n }, (_, i) => `text ${i}`),
  "list of objects": n => objects(n, 4),
  "few rows, many columns": n => objects(4, n),
  "a name a row": n => Array.from({ length: n }, (_, i) => ({ [`c${i}`]: i })),
  "one object": n => objects(1, n)[0],
  "one long text": n => "x".repeat(n),
  "text of lines": n => "x\n".repeat(n),
  "list of a long text": n => ["x ".repeat(n)],
  "list of lists": n => Array.from({ length: n }, (_, i) => [i]),
  "one row with a large cell": n => [{ a: Array.from({ length: n }, (_, i) => i) }],
  "one wide row, many narrow": n => [
    Object.fromEntries(Array.from({ length: n }, (_, i) => [`c${i}`, i])),
    ...objects(n, 1),
  ],
  "deep lists": n => Array.from({ length: Math.min(n, 900) }).reduce(inner => [inner], []),
  "shared objects": n => {
    const one = { a: 1 };
    return Array.from({ length: n }, () => one);
  },
  "quotes and control characters": n => Array.from({ length: n }, () => "\"'\\\u0001\n: #"),
};

const paths = [
  "$..*",
  "$..a",
  "$..*..*",
  "$..*..*..*",
  "$..[*]..[*]",
  "$[*][*][*]",
  "$..[0]",
  "$[?(@.a == 1)]",
  "$[?(@.c1)]",
  "$[?(@..a)]",
  "$[?($..a)]",
  "$[?(@.a =~ /(x+x+)+y/)]",
  "$[?(@ =~ /.*.*.*x/)]",
  "$..[?(@..a)]",
  "$..[?(@.c1 > 2)]",
  "$[?(@.a in ['x'])]",
  "$[?(@ anyof $)]",
  "$[?(@ in $)]",
  "$[?(@.a subsetof $)]",
  "$[0:]",
  "$[-1:]",
  "$..length()",
  "$[*].keys()",
  "$.concat($)",
  "$[*].concat($)",
  "$[*].append($)",
  "$..max()",
  "$[0:99999999999]",
  "$[99999999999]",
];

/** @returns every family, with what it needs to run */
export function* families(parts) {
  const { parseYaml, command, writeText, parseJsonPath, compileJsonPath, formatTable } = parts;
  const settled = promise => promise.catch(error => error);

  for (const [name, make] of Object.entries(yamlTexts)) {
    yield { name: `yaml: ${name}`, make, run: text => settled(parseYaml(text, "/a.yaml")) };
    yield {
      name: `open: ${name}`,
      make: async n => {
        const text = `naftiko: 1.0.0-alpha2\n${make(n)}`;
        await writeText("a.yaml", text);
        return text;
      },
      run: () => command(["validate", "a.yaml"]),
    };
  }
  const commands = {
    "validate text": ["validate", "a.yaml"],
    "validate all": ["validate", "a.yaml", "--all"],
    "validate json": ["validate", "a.yaml", "--format", "json"],
    "validate sarif": ["validate", "a.yaml", "--format", "sarif"],
    "validate github": ["validate", "a.yaml", "--format", "github"],
    "validate fix": ["validate", "a.yaml", "--fix"],
    migrate: ["migrate", "a.yaml"],
    describe: ["describe", "a.yaml"],
    list: ["list", "--dir", "."],
    help: ["run", "a.yaml", "get", "--help"],
    "dry run": ["run", "a.yaml", "get", "--dry-run"],
    "unknown input": ["run", "a.yaml", "get", "--dry-run", "-i", "nothing=1"],
    "unknown operation": ["run", "a.yaml", "gett", "--dry-run"],
  };
  for (const [name, make] of Object.entries(files)) {
    for (const [word, args] of Object.entries(commands)) {
      yield {
        name: `${word}: ${name}`,
        make: async n => {
          const text = make(n);
          await writeText("a.yaml", text);
          return text;
        },
        run: () => command(args),
      };
    }
  }
  for (const [name, make] of Object.entries(values)) {
    yield {
      name: `table: ${name}`,
      make,
      most: 500_000,
      run: value => {
        try {
          formatTable(value, 120);
        } catch {}
      },
    };
    for (const output of ["yaml", "json", "table"]) {
      yield {
        name: `print ${output}: ${name}`,
        make,
        most: 500_000,
        run: value =>
          settled(parts.writeResult(value, { output, select: undefined }, { stdout: { write: () => true } })),
      };
      yield {
        name: `items ${output}: ${name}`,
        make,
        most: 500_000,
        run: async value => {
          const writer = await parts.createItemWriter({ output, select: undefined }, { stdout: { write: () => true } });
          await settled(writer.write(Array.isArray(value) ? value : [value]).then(() => writer.end(true)));
        },
      };
    }
    for (const path of paths) {
      yield {
        name: `path ${path}: ${name}`,
        make,
        from: 16,
        most: 500_000,
        run: async value => {
          const parsed = parseJsonPath(path);
          if (!parsed.ok) throw new Error(parsed.reason);
          const read = await compileJsonPath(parsed.path);
          try {
            read(value);
          } catch {}
        },
      };
    }
    yield { name: `items found: ${name}`, make, most: 500_000, run: value => parts.findItems(value) };
  }
  const pathTexts = {
    members: n => `$${".a".repeat(n)}`,
    descents: n => `$${"..a".repeat(n)}`,
    "open brackets": n => `$${"[".repeat(n)}`,
    quotes: n => `$['${"a".repeat(n)}`,
    names: n => `$[${many(n, i => `'a${i}'`, ",")}]`,
    indexes: n => `$[${many(n, String, ",")}]`,
    filters: n => `$${"[?(@.a)]".repeat(n)}`,
    "nested filters": n => `$${"[?(@".repeat(n)}${")]".repeat(n)}`,
    parentheses: n => `$[?(${"(".repeat(n)}@.a${")".repeat(n)})]`,
    conjunction: n => `$[?(${many(n, i => `@.a${i} == ${i}`, " && ")})]`,
    negations: n => `$[?(${"!".repeat(n)}@.a)]`,
    spaces: n => `$[?(${" ".repeat(n)}@.a)]`,
    pattern: n => `$[?(@.a =~ /${"(a|b)*".repeat(n)}/)]`,
    "unclosed pattern": n => `$[?(@.a =~ /${"[a".repeat(n)})]`,
    "repeated pattern": n => `$[?(@.a =~ /${"(".repeat(n)}a${"{2})".repeat(n)}/)]`,
    list: n => `$[?(@.a in [${many(n, String, ",")}])]`,
    arguments: n => `$.concat(${many(n, () => "@.a", ",")})`,
    "nested arguments": n => `$${".concat($".repeat(n)}${")".repeat(n)}`,
    digits: n => `$[${"1".repeat(n)}]`,
    blanks: n => `$.a${" ".repeat(n)}b`,
  };
  for (const [name, make] of Object.entries(pathTexts)) {
    yield {
      name: `path text: ${name}`,
      make,
      run: async text => {
        const parsed = parseJsonPath(text);
        if (!parsed.ok) return;
        try {
          (await compileJsonPath(parsed.path))({ a: [{ a: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }] });
        } catch {}
      },
    };
  }
  const links = {
    links: n => many(n, i => `<https://a.test/${i}>; rel="next"`, ", "),
    parameters: n => `<https://a.test/>${many(n, i => `; a${i}=b`)}`,
    relations: n => `<https://a.test/>; rel="${"next ".repeat(n)}"`,
    angles: n => "<".repeat(n),
    commas: n => `${" ,".repeat(n)}x`,
    spaces: n => `<a>${" ".repeat(n)}x`,
    backslashes: n => `<a>; rel="${"\\".repeat(n)}`,
  };
  for (const [name, make] of Object.entries(links))
    yield { name: `link: ${name}`, make, run: text => parts.parseLinkHeader(text) };
  const templates = {
    open: n => "{".repeat(n),
    "open double": n => "{{".repeat(n),
    closed: n => "}".repeat(n),
    names: n => "{a}".repeat(n),
    "open name": n => "{a".repeat(n),
    blanks: n => `{${" ".repeat(n)}`,
  };
  for (const [name, make] of Object.entries(templates))
    for (const syntax of ["path", "double"])
      yield { name: `template ${syntax}: ${name}`, make, run: text => parts.parseTemplate(text, syntax) };
  yield {
    name: "suggest: many names",
    make: n => Array.from({ length: n }, (_, i) => `name${i}`),
    most: 500_000,
    run: names => parts.suggest("nmae", names),
  };
  yield {
    name: "suggest: a long name",
    make: n => "ab".repeat(n),
    run: text => parts.suggest(text, [`${text.slice(2)}x`]),
  };
}
