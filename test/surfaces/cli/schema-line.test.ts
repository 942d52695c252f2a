import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { runMain } from "../../support/run-main.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const FILE = "naftiko: 1.0.0-alpha2\ncapability:\n  consumes: []\n";
const INSTALLED = { "node_modules/naftiko/schema/published-ikanos.schema.json": "{}" };
const LINE = "# yaml-language-server: $schema=";
const SCHEMA = "node_modules/naftiko/schema/published-ikanos.schema.json";

it.each([
  { what: "a file beside the package", file: "a.yaml", text: FILE, first: `${LINE}./${SCHEMA}` },
  { what: "a file below it", file: "a/b/c.yaml", text: FILE, first: `${LINE}../../${SCHEMA}` },
  { what: "a comment that is first", file: "a.yaml", text: `# Shop\n${FILE}`, first: `${LINE}./${SCHEMA}` },
  {
    what: "the older schema",
    file: "a.yaml",
    text: `${LINE}../x/naftiko.schema.json\n${FILE}`,
    first: `${LINE}../x/published-ikanos.schema.json`,
  },
  {
    what: "another schema",
    file: "a.yaml",
    text: `${LINE}https://a.test/b.json\n${FILE}`,
    first: `${LINE}https://a.test/b.json`,
  },
  { what: "no package", file: "a.yaml", text: FILE, installed: {}, first: "ikanos: 1.0.0-beta5" },
])("migrate --write writes the schema line for $what", async ({ file, text, installed = INSTALLED, first }) => {
  const cwd = await temporaryFolder({ ...installed, [file]: text });
  const migrate = () => runMain(["migrate", "--write", file], { cwd });
  expect(await migrate()).toMatchObject({ code: 0 });
  const written = await readFile(path.join(cwd, file), "utf8");
  expect(written.split("\n")[0]).toBe(first);
  expect(written.split("yaml-language-server")).toHaveLength(first.startsWith("#") ? 2 : 1);
  expect(await migrate()).toMatchObject({ code: 0, stdout: expect.stringContaining("is up to date") });
  expect(await readFile(path.join(cwd, file), "utf8")).toBe(written);
});
