import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { AVSC, families, PROTO } from "../../../bench/answer-families.mjs";
import { capabilityText } from "../../support/capability-text.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

/** One answer a format that is refused, and what raises the limit that it is beyond. */
const HOSTILE = [
  { format: "html", name: "columns times rows", size: 135_000, raise: "--max-values" },
  { format: "html", name: "formatting that is opened again", size: 400_000, raise: "--max-" },
  { format: "markdown", name: "columns times rows", size: 135_000, raise: "--max-values" },
  { format: "markdown", name: "stars and letters", size: 1_000_000, raise: "--max-" },
  { format: "csv", name: "empty fields", size: 1_200_000, raise: "--max-values" },
  { format: "xml", name: "empty elements", size: 4_000_100, raise: "--max-values" },
  { format: "yaml", name: "empty flow lists", size: 800_000, raise: "--max-" },
  { format: "avro", name: "empty records that are claimed", size: 4_000_000, raise: "--max-values" },
  { format: "protobuf", name: "empty messages", size: 1_000_000, raise: "--max-" },
] as const;

let upstream: Upstream;
let file: string;

beforeAll(async () => {
  upstream = await startUpstream(({ url }, response) => {
    if (url === "/small") return response.end("a\n1\n2\n");
    const { format, name, size } = HOSTILE[Number(url.slice(1))] ?? HOSTILE[0];
    return response.end(families.find(family => family.format === format && family.name === name)?.body(size));
  });
  const folder = await temporaryFolder({
    "node.avsc": AVSC,
    "node.proto": PROTO,
    "api.yaml": capabilityText({
      baseUri: upstream.url,
      operations: [
        { name: "small", method: "GET", path: "/small", outputRawFormat: "csv" },
        ...HOSTILE.map(({ format }, index) => ({
          name: `op${index}`,
          method: "GET",
          path: `/${index}`,
          outputRawFormat: format,
          ...(format === "avro" ? { outputSchema: "node.avsc" } : {}),
          ...(format === "protobuf" ? { outputSchema: "node.proto" } : {}),
        })),
      ],
    }),
  });
  file = path.join(folder, "api.yaml");
});
afterAll(() => upstream.close());

it.each(HOSTILE.map((row, index) => ({ ...row, index })))(
  "run refuses an answer of $format built of $name, and says what allows more",
  async ({ format, raise, index }) => {
    const { code, stdout, stderr } = await runCommand(["run", file, `op${index}`]);
    expect({ code, stdout }, stderr).toEqual({ code: 7, stdout: "" });
    expect(stderr).toContain(`Cannot decode the answer to "op${index}" as ${format}: `);
    expect(stderr).toContain(raise);
  },
);

it.each([
  {
    option: "--max-values",
    value: "2",
    fits: "4",
    says: "it has more than 2 values\n--max-values allows more\n",
  },
  {
    option: "--max-bytes",
    value: "5",
    fits: "6",
    says: "is larger than 5 bytes\n--max-bytes allows more\n",
  },
])("run $option bounds an answer", async ({ option, value, fits, says }) => {
  const args = ["run", file, "small", option];
  const refused = await runCommand([...args, value]);
  expect(refused.code).toBe(7);
  expect(refused.stderr).toContain(says);
  expect(await runCommand([...args, fits])).toMatchObject({ code: 0, stdout: '[{"a":"1"},{"a":"2"}]\n' });
});

it("run --max-decode-time bounds the time that an answer takes to be decoded", async () => {
  const { code, stderr } = await runCommand(["run", file, "op3", "--max-decode-time", "1", "--max-values", "9000000"]);
  expect(code).toBe(7);
  expect(stderr).toContain("decoding takes more than 1 ms of processor time\n--max-decode-time allows more\n");
});
