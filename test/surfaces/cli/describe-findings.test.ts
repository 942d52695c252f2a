import { expect, it } from "vitest";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const FILE = `naftiko: 1.0.0-alpha3
binds: [{ namespace: env, keys: { BOOK_TOKEN: BOOK_TOKEN } }]
capability:
  consumes:
    - type: http
      namespace: books
      baseUri: https://api.test
      authentication: { type: bearer, token: "{{env.BOOKS_TOKEN}}" }
      resources:
        - name: books
          path: /books
          operations:
            - { name: find, method: GET, inputParameters: [{ name: a, in: header, value: "\${BOOK_TOKEN}" }] }
            - { name: list, method: GET }
`;

it.each([
  { args: [], says: ["BOOKS_TOKEN", "${BOOK_TOKEN}"] },
  { args: ["find"], says: ["BOOKS_TOKEN", "${BOOK_TOKEN}"] },
  { args: ["list"], says: ["BOOKS_TOKEN"] },
])("describe $args shows templates that cannot work, with their places", async ({ args, says }) => {
  const cwd = await temporaryFolder({ "books.yaml": FILE });
  const text = await runCommand(["describe", "./books.yaml", ...args], { cwd });
  const warning = 'warning: Bind "env" does not declare BOOKS_TOKEN, which is read from the environment';
  expect(text.stdout).toContain(`\nProblems:\n  ${warning}; did you mean "BOOK_TOKEN"? (line 8)\n`);
  const json = await runCommand(["describe", "./books.yaml", ...args, "--output", "json"], { cwd });
  const { findings } = JSON.parse(json.stdout) as { findings: { message: string; source: { line: number } }[] };
  expect(findings.map(({ source }) => source.line)).toEqual([8, 13].slice(0, says.length));
  for (const [index, part] of says.entries()) expect(findings[index]?.message).toContain(part);
});

it("describe shows no problems of a file without one", async () => {
  const text = FILE.replace("BOOKS", "BOOK").replace("${BOOK_TOKEN}", "x");
  const cwd = await temporaryFolder({ "books.yaml": text });
  expect((await runCommand(["describe", "./books.yaml"], { cwd })).stdout).not.toContain("Problems");
});
