import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { capabilityText, input, required } from "../../support/capability-text.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { expectFailure } from "./expect-failure.ts";

let cwd: string;
const env = { NAFTIKO_PATH: "" };

beforeAll(async () => {
  cwd = await temporaryFolder({
    "capabilities/shop.yaml": capabilityText({
      namespace: "shop",
      info: { label: "Book shop", tags: ["Retail"] },
      operations: [
        {
          name: "placeOrder",
          method: "POST",
          path: "/orders/{order id}",
          description: "Place an order for <b>books</b>",
          inputParameters: [
            required("page[size]", "query", "integer"),
            required("colour", "query"),
            input("note", "query"),
            required("body", "body", "object"),
          ],
        },
        { name: "cancelOrder", method: "DELETE", path: "/orders/{id}", description: "Cancel an order" },
        { name: "list", method: "GET", path: "/orders", description: "List the orders" },
      ],
      others: [
        {
          namespace: "stock",
          operations: [{ name: "list", method: "GET", path: "/stock", label: "What is in stock" }],
        },
      ],
    }),
    "capabilities/it's here.yaml": capabilityText({
      info: { tags: ["Odd"] },
      operations: [{ name: "take \u001b[31m it", method: "PUT", path: "/take", description: "Takes\nit" }],
    }),
    "capabilities/broken.yaml": "naftiko: [",
  });
});

describe.concurrent("search", () => {
  it("makes an index anew whose operations are damaged", async () => {
    const XDG_CACHE_HOME = await temporaryFolder({});
    const search = () => runCommand(["search", "cancel order"], { cwd, env: { ...env, XDG_CACHE_HOME } });
    const expected = await search();
    const folder = path.join(XDG_CACHE_HOME, "naftiko", "catalogue");
    const file = (await readdir(folder))
      .filter(name => name.endsWith(".first"))
      .map(name => path.join(folder, name))[0];
    const bytes = await readFile(file ?? "");
    bytes.fill("x", bytes.indexOf('[{"name":"placeOrder"'));
    await writeFile(file ?? "", bytes);
    expect(await search()).toEqual(expected);
  });

  it("prints commands that can be run", async () => {
    const { code, stdout, stderr } = await runCommand(["search", "place", "an", "order"], { cwd, env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [call = "", line] = stdout.split("\n");
    expect(call).toBe(
      `naftiko run shop placeOrder --'page[size]' 1 --colour example --body '{"name":"example"}' --'order id' example`,
    );
    expect(line).toBe("  POST /orders/{order id}  Place an order for books");
    const command = path.resolve("dist/naftiko.cjs");
    const pasted = await promisify(execFile)(
      "sh",
      ["-c", `${call.replace("naftiko", `node '${command}'`)} --dry-run`],
      {
        cwd,
      },
    );
    expect(pasted.stdout).toMatch(/^POST https:.*\/orders\/example\?page%5Bsize%5D=1&colour=example$/m);
  });

  it("gives programs an array, the best first", async () => {
    const { stdout } = await runCommand(["search", "abort an order", "--output", "json"], { cwd, env });
    const rows = JSON.parse(stdout);
    expect(rows[0]).toEqual({
      capability: "shop",
      operation: "cancelOrder",
      method: "DELETE",
      path: "/orders/{id}",
      description: "Cancel an order",
      file: path.join(cwd, "capabilities", "shop.yaml"),
    });
    const lines = await runCommand(["search", "abort an order", "--output", "ndjson"], { cwd, env });
    expect(lines.stdout).toBe(rows.map((row: object) => `${JSON.stringify(row)}\n`).join(""));
  });

  it("names an operation as run takes it", async () => {
    const { stdout } = await runCommand(["search", "stock", "--output", "json"], { cwd, env });
    expect(JSON.parse(stdout)[0]).toMatchObject({ operation: "stock.list", description: "What is in stock" });
  });

  it("quotes names for the shell, and shows no controls", async () => {
    const { stdout } = await runCommand(["search", "take"], { cwd, env });
    expect(stdout.split("\n", 2)).toEqual([
      "naftiko run 'it'\\''s here' 'take \\u001b[31m it'",
      "  PUT /take  Takes it",
    ]);
  });

  it.each([
    { args: ["order", "--method", "delete"], found: ["cancelOrder"] },
    { args: ["order", "--method", "GET,PATCH"], found: ["shop.list"] },
    { args: ["order", "--method", "get", "--method", "DELETE", "--limit", "1"], found: ["shop.list"] },
    { args: ["take", "--tag", "ODD"], found: ["take \u001b[31m it"] },
    { args: ["order", "--capability", "s*p", "--method", "DELETE"], found: ["cancelOrder"] },
    {
      args: ["order", "--capability", "it's here", "--capability", "sho*", "--method", "DELETE"],
      found: ["cancelOrder"],
    },
  ])("keeps to $args", async ({ args, found }) => {
    const { stdout } = await runCommand(["search", ...args, "--output", "json"], { cwd, env });
    expect(JSON.parse(stdout).map(({ operation }: { operation: string }) => operation)).toEqual(found);
  });

  it.each([
    { args: ["zzqqxx"], says: 'No operation matches "zzqqxx"' },
    { args: ["\u0007\u001b"], says: 'No operation matches "\\u0007\\u001b"' },
    { args: ["order", "--tag", "Retial"], says: 'No capability has the tag "Retial"; did you mean "Retail"?' },
    { args: ["order", "--capability", "shp"], says: 'No capability is called "shp"; did you mean "shop"?' },
    { args: ["order", "--method", "HEAD"], says: 'No operation matches "order"' },
  ])("says that $args finds nothing", async ({ args, says }) => {
    const json = await runCommand(["search", ...args, "--output", "json"], { cwd, env });
    expect(json).toEqual({ code: 0, stdout: "[]\n", stderr: `${says}\n` });
    expect(await runCommand(["search", ...args], { cwd, env })).toEqual({ ...json, stdout: "" });
  });

  it.each([
    { args: ["search"], stderr: ["An argument is missing"] },
    { args: ["search", " "], stderr: ["There is nothing to search for"] },
    { args: ["search", "a", "--method", "DELET"], stderr: ['--method cannot be "DELET"; did you mean "DELETE"?'] },
    { args: ["search", "a", "--method", "GET,"], stderr: ["--method is one of GET, POST"] },
    { args: ["search", "a", "--limit", "0"], stderr: ['Option --limit is a number from 1, found "0"'] },
    { args: ["search", "a", "--limit", "many"], stderr: ['found "many"'] },
    { args: ["search", "a", "--output", "yaml"], stderr: ["--output"] },
    { args: ["search", "a", "--methd", "GET"], stderr: ['did you mean "--method"?'] },
  ])("refuses $args", async ({ args, stderr }) => {
    await expectFailure({ args, code: 2, error: "USAGE", stderr, cwd, env });
  });

  it("reads a question of 100 KB", async () => {
    const { code, stdout } = await runCommand(["search", `cancel order ${"x".repeat(100_000)}`], { cwd, env });
    expect(code).toBe(0);
    expect(stdout.split("\n", 1)).toEqual(["naftiko run shop cancelOrder --id example"]);
  });
});
