import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { runMain } from "../../support/run-main.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const received: Received[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", chunk => chunks.push(chunk));
  request.on("end", () => {
    const { method = "", url = "", headers } = request;
    received.push({ method, url, headers, body: Buffer.concat(chunks).toString("utf8") });
    response.setHeader("content-type", "application/json");
    response.end(request.method === "HEAD" ? undefined : '{"ok":true}');
  });
});
let origin = "";
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const hasCurl = spawnSync("curl", ["--version"]).status === 0 && spawnSync("bash", ["--version"]).status === 0;

interface CallCase {
  readonly what: string;
  /** With ORIGIN for that of the server. */
  readonly command: string;
  /** Inputs that make the same call. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Headers that are compared besides the content type and the credentials. */
  readonly headers?: readonly string[];
}

// What is sent is compared with what curl itself sends.
describe.skipIf(!hasCurl)("import curl makes the call that curl makes", () => {
  it.each<CallCase>([
    { what: "a GET", command: "curl ORIGIN/v1/books" },
    { what: "a URL without a path", command: "curl -s ORIGIN" },
    {
      what: "ids in the path",
      command: "curl ORIGIN/users/12/keys/ak_1a2b3c4d",
      inputs: { userId: "12", keyId: "ak_1a2b3c4d" },
    },
    {
      what: "a UUID",
      command: "curl ORIGIN/a/3f2504e0-4f89-11d3-9a0c-0305e82c3301",
      inputs: { aId: "3f2504e0-4f89-11d3-9a0c-0305e82c3301" },
    },
    { what: "a query", command: "curl 'ORIGIN/find?q=a+b%26c&tag=x&tag=y&page%5Bsize%5D=1'" },
    { what: "-G", command: "curl -G ORIGIN/find -d q=1 --data-urlencode 'name=a b&c'" },
    { what: "JSON", command: `curl ORIGIN/a --json '{"a":1,"b":["x"]}'`, inputs: { body: { a: 1, b: ["x"] } } },
    {
      what: "JSON of a browser",
      command: `curl 'ORIGIN/a' -X 'PUT' -H 'Content-Type: application/json' -H 'sec-ch-ua: "x"' --data-raw $'{"a":"it\\'s"}' --compressed`,
      inputs: { body: { a: "it's" } },
    },
    {
      what: "JSON of another type",
      command: `curl -XPATCH ORIGIN/a -H 'content-type: application/merge-patch+json' -d '{"a":null}'`,
      inputs: { body: { a: null } },
    },
    { what: "a list", command: "curl ORIGIN/a --json '[1,2]'", inputs: { body: [1, 2] } },
    { what: "a form", command: "curl ORIGIN/a -d grant_type=x -d 'scope=a+b' --data-urlencode 'n=ä&b'" },
    {
      what: "a form with a secret",
      command: "curl ORIGIN/a -d user=me -d password=hidden-words",
      inputs: { password: "hidden-words" },
    },
    {
      what: "a text",
      command: "curl ORIGIN/a -H 'content-type: text/plain' -d 'Hello, you'",
      inputs: { body: "Hello, you" },
    },
    {
      what: "a token",
      command: "curl ORIGIN/a -H 'Authorization: Bearer hidden-words'",
      env: { MADE_TOKEN: "hidden-words" },
    },
    {
      what: "a token of a variable",
      command: `curl ORIGIN/a -H "Authorization: Bearer $MY_TOKEN"`,
      env: { MY_TOKEN: "hidden-words" },
    },
    {
      what: "another scheme",
      command: "curl ORIGIN/a -H 'Authorization: Token hidden-words'",
      env: { MADE_AUTHORIZATION: "Token hidden-words" },
    },
    {
      what: "a user",
      command: "curl -u me:hidden-words ORIGIN/a",
      env: { MADE_USERNAME: "me", MADE_PASSWORD: "hidden-words" },
    },
    { what: "a key as a user", command: "curl -u hidden-words: ORIGIN/a", env: { MADE_USERNAME: "hidden-words" } },
    {
      what: "a key in a header",
      command: "curl ORIGIN/a -H 'X-API-Key: hidden-words'",
      env: { MADE_API_KEY: "hidden-words" },
      headers: ["x-api-key"],
    },
    {
      what: "a key in the query",
      command: "curl 'ORIGIN/a?api_key=hidden-words&b=1'",
      env: { MADE_API_KEY: "hidden-words" },
    },
    {
      what: "a token and cookies",
      command: "curl ORIGIN/a -b 'sid=hidden-words; b=1' -H 'X-CSRF-Token: hidden-words'",
      env: { MADE_COOKIE: "sid=hidden-words; b=1", MADE_CSRF_TOKEN: "hidden-words" },
      headers: ["cookie", "x-csrf-token"],
    },
    {
      what: "headers",
      command: "curl ORIGIN/a -H 'X-Version: 7' -H 'Accept: text/csv'",
      headers: ["x-version", "accept"],
    },
    { what: "HEAD", command: "curl -I ORIGIN/a" },
    { what: "DELETE", command: "curl -sSL -X DELETE ORIGIN/a/7 -o /dev/null", inputs: { aId: "7" } },
    { what: "a form of parts", command: "curl ORIGIN/a -F title=Report -F 'note=x;type=text/plain'" },
    {
      what: "items of several types",
      command: `curl ORIGIN/a --json '{"a":[1,"x",1.5,null,{"b":1},{"b":"y"}]}'`,
      inputs: { body: { a: [1, "x", 1.5, null, { b: 1 }, { b: "y" }] } },
    },
    {
      what: "a name in several places",
      command: "curl 'ORIGIN/users/7?userId=8&a=1' -d a=2",
      inputs: { userId2: "7" },
    },
    {
      what: "the values of a header that is repeated",
      command: "curl ORIGIN/a -H 'X-A: 1' -H 'x-a: 2'",
      headers: ["x-a"],
    },
    { what: "the first of two calls", command: "curl ORIGIN/a --next -d x=1 ORIGIN/b" },
    {
      what: "a user and a token",
      command: "curl -u me:hidden-words ORIGIN/a -H 'Authorization: Bearer hidden-words'",
      env: { MADE_TOKEN: "hidden-words" },
    },
    {
      what: "an id with an ending",
      command: "curl ORIGIN/tickets/35.json",
      inputs: { ticketId: "35" },
    },
  ])("of $what", async ({ command, inputs = {}, env = {}, headers = [] }) => {
    const cwd = await temporaryFolder({});
    const written = command.replaceAll("ORIGIN", origin);
    const imported = await runMain(["import", "curl", written, "-n", "made", "-o", "capabilities/"], { cwd });
    expect(imported.code).toBe(0);
    const text = await readFile(path.join(cwd, "capabilities/made.yaml"), "utf8");
    expect(text + imported.stderr + imported.stdout).not.toContain("hidden-words");
    expect((await runMain(["validate", "capabilities", "--max-warnings", "0"], { cwd })).code).toBe(0);
    received.length = 0;
    const curl = spawn("bash", ["-c", written], { env: { PATH: process.env["PATH"], ...env }, stdio: "ignore" });
    await once(curl, "close");
    const name = parse(text).capability.consumes[0].resources[0].operations[0].name;
    const args = ["run", "made", name, "--inputs", JSON.stringify(inputs), "--allow-insecure-auth"];
    const ran = await runMain(args, { cwd, env });
    expect(ran).toMatchObject({ code: 0 });
    const [first, second] = [received.at(0), received.at(-1)].map(call => call && comparable(call, headers));
    expect(second).toEqual(first);
  });
});

function comparable({ method, url, headers, body }: Received, names: readonly string[]) {
  const { pathname, searchParams } = new URL(url, "http://x");
  const type = headers["content-type"]?.replace(/;?\s*boundary=(.*)$/, "") ?? "";
  const boundary = /boundary=(.*)$/.exec(headers["content-type"] ?? "")?.[1] ?? "-";
  const read = () => {
    if (/json/.test(type)) return JSON.parse(body);
    if (/urlencoded/.test(type)) return [...new URLSearchParams(body)];
    // Curl writes a type for a part of its own accord.
    return body.replaceAll(boundary, "").replace(/\r\ncontent-type: text\/plain/gi, "");
  };
  return {
    method,
    pathname,
    query: [...searchParams].map(pair => pair.join("=")).sort(),
    type,
    authorization: headers.authorization,
    body: read(),
    headers: names.map(name => headers[name]),
  };
}

it("import curl prints a capability, and tells the variables and what is left out", async () => {
  const cwd = await temporaryFolder({});
  const command =
    "curl -k --frob=hidden-words -H 'Authorization: Bearer hidden-words' https://api.shelf.example/books/7 | jq .";
  const { code, stdout, stderr } = await runMain(["import", "curl", "-"], { cwd, stdin: command });
  expect(code).toBe(0);
  expect(parse(stdout).capability.consumes[0]).toMatchObject({
    namespace: "shelf",
    baseUri: "https://api.shelf.example",
    authentication: { type: "bearer", token: "{{SHELF_TOKEN}}" },
    resources: [{ path: "/books/{bookId}", operations: [{ name: "get-books-book-id" }] }],
  });
  expect(stderr).toBe(`note: -k is left out: certificates are always checked; --ca-cert of run trusts another authority
note: --frob is not known, and left out
note: set SHELF_TOKEN in the environment or in .env: the file has no secret of the command
`);
});

// Each has the secret `hidden`, in small or large letters.
it.each([
  { what: "an option of a proxy", command: "curl --proxy-user me:hidden https://a.example" },
  { what: "its short form", command: "curl -U me:hidden https://a.example" },
  { what: "a passphrase", command: "curl --pass hidden https://a.example" },
  { what: "an unknown option", command: "curl --frobnicate hidden.example https://a.example" },
  { what: "an option with an equals sign", command: "curl --frobnicate=hidden https://a.example" },
  { what: "a variable set before", command: `TOKEN=hidden curl -H "Authorization: Bearer $TOKEN" https://a.example` },
  { what: "the address of a webhook", command: "curl --json '{}' https://a.example/services/T0/B0/XhiddenX9X8X7X6XX" },
  { what: "a token in the path", command: "curl https://a.example/bot123456789:AAhiddenDEF1234ghIkl-zyx5/sendMessage" },
  { what: "a word behind one that tells", command: "curl https://a.example/invites/token/hidden" },
  { what: "an address of mail", command: "curl https://a.example/users/hidden@a.example" },
  { what: "a session in the path", command: "curl 'https://a.example/a;jsessionid=hidden/b'" },
  { what: "a code", command: "curl https://a.example/token -d grant_type=authorization_code -d code=hidden" },
  { what: "a key of Google", command: "curl 'https://a.example/a?key=AIzahidden'" },
  { what: "a random value", command: "curl 'https://a.example/a?appliance=hidden1a2b3c4d5e6f7a8b'" },
  { what: "a random word of the query", command: "curl 'https://a.example/a?hidden1a2b3c4d5e6f7a8b9c'" },
  {
    what: "a signed address",
    command: "curl 'https://a.example/a?X-Amz-Credential=AKIAhidden%2F2020&X-Amz-Signature=hidden'",
  },
  { what: "a JSON Web Token", command: "curl 'https://a.example/a?x=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.hidden'" },
  { what: "a header of any name", command: "curl https://a.example/a -H 'X-Whoami: Bearer hidden-words'" },
  { what: "JSON in a form", command: `curl https://a.example/a --data-urlencode 'data={"a":[{"password":"hidden"}]}'` },
  { what: "JSON in the query", command: `curl -G https://a.example/a --data-urlencode 'filter={"token":"hidden"}'` },
  { what: "a URL in the query", command: "curl 'https://a.example/a?to=https%3A%2F%2Fb.example%2F%3Ftoken%3Dhidden'" },
  { what: "a user in a URL", command: "curl 'https://a.example/a?to=https%3A%2F%2Fme%3Ahidden%40b.example'" },
  { what: "a proxy's credential", command: "curl https://a.example/a -H 'Proxy-Authorization: Basic hidden'" },
  { what: "a name of a member", command: `curl https://a.example/a --json '{"hidden@a.example":1}'` },
])("import curl keeps the secret of $what to itself", async ({ command }) => {
  const cwd = await temporaryFolder({});
  const { code, stdout, stderr } = await runMain(["import", "curl", command], { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain("baseUri: https://a.example");
  expect(stdout + stderr).not.toMatch(/hidden/i);
});

it.each([
  { what: "file", args: ["-o", "a.yaml", "-o", "b.yaml"], says: "Option -o is given 2 times" },
  { what: "file by its long name", args: ["--out", "a.yaml", "--out=b.yaml"], says: "Option --out is given 2 times" },
  { what: "namespace", args: ["--namespace", "a", "--namespace=b"], says: "Option --namespace is given 2 times" },
])("import curl refuses a second $what", async ({ args, says }) => {
  const cwd = await temporaryFolder({});
  const { code, stderr } = await runMain(["import", "curl", "curl https://a.example", ...args], { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain(says);
});

it.each([
  { what: "another program", command: "wget https://a.example", says: "it does not begin with curl" },
  { what: "no URL", command: "curl -X POST", says: "it names no URL" },
  { what: "an open quote", command: "curl 'https://a.example", says: "a quote is not closed" },
  { what: "an option without its value", command: "curl https://a.example -H", says: "its option -H has no value" },
  { what: "another scheme", command: "curl ftp://a.example/x", says: "the scheme ftp" },
  { what: "no address", command: "curl 'https://'", says: "its URL is not one" },
  { what: "another method", command: "curl -X PURGE https://a.example", says: "the method PURGE" },
  { what: "nothing", command: "", says: "it does not begin with curl" },
])("import curl refuses $what", async ({ command, says }) => {
  const cwd = await temporaryFolder({});
  const { code, stdout, stderr } = await runMain(["import", "curl", command], { cwd });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(says);
});
