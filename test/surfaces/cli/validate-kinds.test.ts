import { describe, expect, it } from "vitest";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** A capability with a text in each place of its consumed part. */
function capability({
  root = "",
  adapter = "",
  authentication = 'type: bearer, token: "{{env.T}}"',
  input = "type: string",
  operation = "",
  output = "",
  exposes = "",
  generation = "naftiko: 1.0.0-alpha3",
}): string {
  return `${generation}
${root}
binds: [{ namespace: env, keys: { T: T } }]
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: https://shop.test
      ${adapter}
      authentication: { ${authentication} }
      resources:
        - name: books
          path: /books
          operations:
            - name: find
              method: GET
              ${operation}
              inputParameters: [{ name: q, in: query, ${input} }]
              outputParameters: [{ name: titles, type: array, value: "$.titles", ${output} }]
${exposes}
`;
}

/** The part that changes, the kind of the finding, and a text in its message. */
const CASES: readonly (readonly [change: Parameters<typeof capability>[0], kind: string, says: string])[] = [
  [
    { input: "require: true" },
    "warning",
    '"require" is ignored: there is no such key in a consumed input; did you mean "required"?',
  ],
  [{ input: "defualt: 5" }, "warning", '"defualt" is ignored'],
  [{ input: "location: header" }, "warning", '"location" is ignored'],
  [
    { input: "x-stlye: form" },
    "warning",
    '"x-stlye" is ignored: there is no such key in a consumed input; did you mean "x-style"?',
  ],
  [{ input: "x-vendor: 1" }, "departure", '"x-vendor"'],
  [{ input: "required: true" }, "departure", '"required"'],
  [{ input: "type: string" }, "departure", '"type"'],
  [{ input: "description: A word" }, "departure", '"description"'],
  [{ input: "example: sea" }, "departure", '"example"'],
  [{ input: "type: int" }, "warning", '"int" is no type, and ignored: any value is taken; did you mean "integer"?'],
  [{ input: "type: strng" }, "warning", 'did you mean "string"?'],
  [{ input: "type: datetime" }, "warning", '"datetime" is no type, and ignored: any value is taken'],
  [{ input: "type: Integer" }, "departure", '"type"'],
  [{ operation: "outputParamters: []" }, "warning", 'did you mean "outputParameters"'],
  [
    { operation: "headers: { a: b }" },
    "warning",
    '"headers" is ignored: there is no such key in a consumed operation; it has',
  ],
  [{ operation: "tags: [a]" }, "departure", '"tags"'],
  [{ output: "required: true" }, "warning", '"required" is ignored'],
  [{ output: "description: All" }, "departure", '"description"'],
  [{ adapter: "timeout: 5" }, "warning", '"timeout" is ignored: there is no such key in a consumed adapter'],
  [{ authentication: 'type: bearer, token: "{{env.T}}", prefix: Token' }, "warning", '"prefix" is ignored'],
  [{ authentication: 'type: bearer, token: "{{env.T}}", placement: query' }, "warning", '"placement" is ignored'],
  [{ root: "servers: []" }, "warning", '"servers" is ignored: there is no such key in a capability file'],
  [{ root: "imports: []" }, "departure", '"imports"'],
  [{ root: "info: { titel: Shop }" }, "departure", '"titel"'],
  [{ generation: "ikanos: 1.0.0-beta5", input: "require: true" }, "warning", '"require" is ignored'],
  [{ exposes: "  exposes: [{ type: mcp, namespace: m, port: 9090, toolz: [], tools: [] }]" }, "departure", '"toolz"'],
];

describe.concurrent("validate", () => {
  it.each(CASES)("finds in %j a %s", async (change, kind, says) => {
    const folder = await temporaryFolder({ "shop.yaml": capability(change) });
    const { stdout } = await runCommand(["validate", "shop.yaml", "--all", "--format", "json"], { cwd: folder });
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: readonly { severity: string; message: string; pointer: string }[];
    };
    const found = diagnostics.filter(({ message }) => message.includes(says));
    expect(found, stdout).toHaveLength(1);
    expect(found[0]?.severity).toBe(kind);
    // A value that is ignored is said once.
    expect(diagnostics.filter(({ pointer }) => pointer === found[0]?.pointer)).toHaveLength(1);
  });
});
