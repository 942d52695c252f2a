import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { SecretMask } from "../../../src/base/mask-secrets.ts";
import type { CallEvent } from "../../../src/engine/call-events.ts";
import { CallWatch } from "../../../src/engine/call-events.ts";
import type { Cassette } from "../../../src/net/cassette/cassette.ts";
import { bodyBytes } from "../../../src/net/cassette/recorded-body.ts";
import { createRecordingTransport } from "../../../src/net/cassette/recording.ts";
import { createReplayTransport } from "../../../src/net/cassette/replay.ts";
import type { HttpRequest } from "../../../src/net/http-request.ts";
import { observe } from "../../../src/net/layers/observe.ts";
import { createMemoryTransport } from "../../../src/net/memory.ts";
import type { HttpResponse } from "../../../src/net/transport.ts";
import { HarRecorder } from "../../../src/surfaces/cli/har/har-recorder.ts";
import { exchangeOf } from "../../support/exchange.ts";
import { MARK } from "../../support/marked-secret.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { keptForms, S, secretForms } from "./redaction-forms.ts";

const EXCHANGE = exchangeOf({ timeoutMs: 20_000, maxResponseBytes: 10_000_000 });
const URL_ = "https://api.test/x";

interface Exchange {
  readonly url?: string;
  readonly request?: Partial<HttpRequest>;
  readonly response?: Partial<HttpResponse>;
}

function requestOf({ url = URL_, request }: Exchange): HttpRequest {
  return { method: "POST", url, headers: {}, ...request };
}

/** Records one exchange; gives the text of the file, and its only call. */
async function record(exchange: Exchange) {
  const file = path.join(await temporaryFolder({}), "tape.yaml");
  const transport = createMemoryTransport(() => ({ ...exchange.response }));
  const recording = createRecordingTransport({ transport, file });
  await recording(requestOf(exchange), EXCHANGE);
  const text = await readFile(file, "utf8");
  const [interaction] = (parse(text) as Cassette).interactions;
  if (interaction === undefined) throw new Error("Nothing was recorded");
  return { text, file, interaction };
}

/** Makes an archive of one exchange. */
async function archive(exchange: Exchange): Promise<string> {
  const recorder = new HarRecorder();
  const context = {
    onEvent: (event: CallEvent) => recorder.take(event),
    secrets: new SecretMask(),
    now: () => 0,
  };
  const watch = new CallWatch(context, 1, "op");
  const transport = observe(createMemoryTransport(() => ({ ...exchange.response })));
  await transport(requestOf(exchange), watch.observed(EXCHANGE));
  return recorder.text();
}

/** Tells whether a text holds the secret, also in base64 or UTF-16. */
function tells(text: string): boolean {
  const decoded = [...text.matchAll(/[\w+/-]{16,}={0,2}/g)].flatMap(([encoded]) => {
    const bytes = Buffer.from(encoded, "base64");
    return [bytes.toString("latin1"), bytes.toString("utf16le")];
  });
  return [text, ...decoded].some(found => found.replaceAll("\0", "").includes(MARK));
}

const asBody = (body: string | Uint8Array) => (typeof body === "string" ? Buffer.from(body) : body);

describe.each(secretForms)("%s: %s", (type, body) => {
  const headers: Record<string, string> = { "content-type": type };

  it("keeps no secret in a cassette's request", async () => {
    const { text } = await record({ request: { headers, body } });
    expect(tells(text), text).toBe(false);
    expect(text).toContain(typeof body === "string" && !tells(body) ? "" : type.split(";")[0]);
  });

  it("keeps no secret in a cassette's response", async () => {
    const { text } = await record({ response: { headers, body: asBody(body) } });
    expect(tells(text), text).toBe(false);
  });

  it("keeps no secret in an archive's request", async () => {
    const text = await archive({ request: { headers, body } });
    expect(tells(text), text).toBe(false);
  });

  it("keeps no secret in an archive's response", async () => {
    const text = await archive({ response: { headers, body: asBody(body) } });
    expect(tells(text), text).toBe(false);
  });

  it("is found in a recording by the request it was made of", async () => {
    const { file } = await record({ request: { headers, body }, response: { status: 204 } });
    const replay = createReplayTransport(file);
    const same = requestOf({ request: { headers, body } });
    expect(await replay(same, EXCHANGE)).toMatchObject({ status: 204 });
    const other = { ...same, method: "PUT" };
    await expect(replay(other, EXCHANGE)).rejects.toMatchObject({ code: "NOT_RECORDED" });
  });
});

it.each(keptForms.map(([type, body, kept = body]) => [type, body, kept] as const))(
  "keeps the rest of %s: %j",
  async (type, body, kept) => {
    const headers: Record<string, string> = { "content-type": type };
    const { interaction } = await record({
      request: { headers, body },
      response: { headers, body: Buffer.from(body) },
    });
    expect(Buffer.from(bodyBytes(interaction.request.body)).toString()).toBe(kept);
    expect(Buffer.from(bodyBytes(interaction.response.body)).toString()).toBe(kept);
  },
);

const urls: readonly (readonly [url: string, kept: string])[] = [
  [`https://api.test/x?a=1&sig=${S}&b=2`, "https://api.test/x?a=1&sig=***&b=2"],
  [`https://api.test/x?api%5Fkey=${S}`, "https://api.test/x?api%5Fkey=***"],
  [`https://api.test/x;jsessionid=${S}?page=2`, "https://api.test/x;jsessionid=***?page=2"],
  [
    `https://api.test/x?next=${encodeURIComponent(`/y?token=${S}&z=1`)}&n=1`,
    `https://api.test/x?next=${encodeURIComponent("/y?token=")}***${encodeURIComponent("&z=1")}&n=1`,
  ],
  [
    `https://api.test/x?filter=${encodeURIComponent(`{"password":"${S}"}`)}`,
    `https://api.test/x?filter=${encodeURIComponent('{"password":"')}***${encodeURIComponent('"}')}`,
  ],
  ["https://api.test/x?page_token=a&max_tokens=2", "https://api.test/x?page_token=a&max_tokens=2"],
];

describe.each(urls)("URL %s", (url, kept) => {
  it("is kept without its secret", async () => {
    const { interaction, file } = await record({ url, response: { status: 204 } });
    expect(interaction.request.url).toBe(kept);
    expect(await createReplayTransport(file)(requestOf({ url }), EXCHANGE)).toMatchObject({ status: 204 });
    const text = await archive({ url });
    expect(tells(text), text).toBe(false);
    expect((JSON.parse(text) as { log: { entries: { request: { url: string } }[] } }).log.entries[0]?.request.url).toBe(
      kept,
    );
  });
});

const fields: readonly (readonly [name: string, value: string, kept: string])[] = [
  ["authorization", `Bearer ${S}`, "***"],
  ["x-vault-token", S, "***"],
  ["x-session-token", S, "***"],
  ["ocp-apim-subscription-key", S, "***"],
  ["x-hub-signature-256", `sha256=${S}`, "***"],
  ["location", `/next?token=${S}&page=2`, "/next?token=***&page=2"],
  ["location", `https://ann:${S}@api.test/`, "https://ann:***@api.test/"],
  ["location", `/cb#access_token=${S}&state=1`, "/cb#access_token=***&state=1"],
  ["content-location", `/x?jwt=${S}`, "/x?jwt=***"],
  ["referer", `https://a.test/?apiSecret=${S}`, "https://a.test/?apiSecret=***"],
  [
    "link",
    `</x?page=2&sig=${S}>; rel="next", </x?page=1>; rel="prev"`,
    '</x?page=2&sig=***>; rel="next", </x?page=1>; rel="prev"',
  ],
  ["refresh", `0; url=/x?passwd=${S}`, "0; url=/x?passwd=***"],
  ["x-told", `{"password":"${S}","a":1}`, '{"password":"***","a":1}'],
  ["x-anything", `it was Bearer ${S}`, "it was Bearer ***"],
  ["x-next-token", "abc", "abc"],
  ["content-type", "multipart/mixed; boundary=abc", "multipart/mixed; boundary=abc"],
  ["www-authenticate", 'Bearer realm="api", error="invalid_token"', 'Bearer realm="api", error="invalid_token"'],
];

describe.each(fields)("header %s: %s", (name, value, kept) => {
  it("is kept without its secret", async () => {
    const { interaction } = await record({
      request: { headers: { [name]: value } },
      response: { headers: { [name]: value } },
    });
    expect(interaction.request.headers?.[name]).toBe(kept);
    expect(interaction.response.headers?.[name]).toBe(kept);
    const text = await archive({
      request: { headers: { [name]: value } },
      response: { headers: { [name]: value } },
    });
    expect(tells(text), text).toBe(false);
  });
});

it("keeps no secret that an answer repeats after it was told by its name", async () => {
  const body = `{"told":"${S}","password":"${S}","more":"x ${S} y"}`;
  const { text } = await record({ response: { body: Buffer.from(body), statusText: `OK ${S}` } });
  expect(tells(text), text).toBe(false);
});

it("keeps no secret that comes in pieces", async () => {
  const file = path.join(await temporaryFolder({}), "tape.yaml");
  const whole = Buffer.from(`data: {"token":"${S}"}\n\ndata: {"n":1}\n\n`);
  async function* pieces() {
    for (let at = 0; at < whole.length; at += 5) yield whole.subarray(at, at + 5);
  }
  const transport = createMemoryTransport(() => ({
    headers: { "content-type": "text/event-stream" },
    chunks: pieces(),
  }));
  const recording = createRecordingTransport({ transport, file });
  const { chunks } = await recording(requestOf({}), { ...EXCHANGE, streams: () => true });
  for await (const piece of chunks ?? []) expect(piece.length).toBeGreaterThan(0);
  const text = await readFile(file, "utf8");
  expect(tells(text), text).toBe(false);
  const [interaction] = (parse(text) as Cassette).interactions;
  expect(Buffer.from(bodyBytes(interaction?.response.body)).toString()).toBe(
    'data: {"token":"***"}\n\ndata: {"n":1}\n\n',
  );
});

it.each([
  '"'.repeat(100_000),
  "[{".repeat(50_000),
  `${"[".repeat(50_000)}${"}".repeat(50_000)}`,
  "<a ".repeat(30_000),
  '<a b="'.repeat(20_000),
  "<password>".repeat(10_000),
  "eyJ".repeat(30_000),
  "-----BEGIN PRIVATE KEY-----".repeat(4_000),
  "password: {\n".repeat(10_000),
  "?a=b?c=".repeat(10_000),
  `password:${"\n".repeat(100_000)}`,
])("takes time in proportion to a text: %.20s", async body => {
  const { interaction } = await record({ response: { body: Buffer.from(body) } });
  expect(interaction.response.body).toBeDefined();
});
