import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { openCapability } from "../../src/library/open-capability.ts";
import type { Transport } from "../../src/net/transport.ts";
import { createNodeHttpTransport } from "../../src/net/wire/node-http.ts";
import { openUndici } from "../../src/net/wire/undici.ts";
import { capabilityText, required } from "../support/capability-text.ts";
import { createSelfSignedCertificate } from "../support/certificates.ts";
import { startFaultServer } from "../support/fault-server.ts";
import { MARK, markedSecret } from "../support/marked-secret.ts";
import { runCommand } from "../support/run-command.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { withTime } from "../support/with-time.ts";
import { type FaultRow, faultRows, MAX_RESPONSE_BYTES } from "./fault-rows.ts";

const WIRES: readonly { readonly name: string; readonly create: () => Transport }[] = [
  { name: "undici", create: openUndici },
  { name: "node:http", create: createNodeHttpTransport },
];

const TOKEN = markedSecret("token");
const COOKIE = markedSecret("cookie");
const KEY = markedSecret("key");

/** Memory of a call besides the limit of a body: pieces on their way, and garbage that was not collected yet. */
const MOST_BYTES = 200_000_000;

const hasIpv6 = Object.values(networkInterfaces()).some(list => list?.some(({ address }) => address === "::1"));
const rows = faultRows.filter(({ address }) => address !== "::1" || hasIpv6);

it("there are enough of them, and each has a name of its own", () => {
  expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
  expect(rows.length).toBeGreaterThanOrEqual(80);
});

describe.each(WIRES)("by $name, an API that", ({ name, create }) => {
  it.concurrent.each(rows)("$what", found =>
    inTime(name === "undici" ? found : byNode(found), async row => {
      await using servers = await startServers(row);
      const wire = create();
      const identity = createSelfSignedCertificate();
      const trusting: Transport = (request, exchange) =>
        wire(
          request,
          row.trust === undefined
            ? exchange
            : {
                ...exchange,
                connect: {
                  ...exchange.connect,
                  tls: {
                    id: "1",
                    certificate: identity.cert,
                    privateKey: identity.key,
                    certificateAuthority: row.trust,
                  },
                },
              },
        );
      const api = await openCapability(parse(capabilityOf(row, servers.port)), {
        env: { TOKEN },
        transport: trusting,
        timeoutMs: row.timeoutMs,
        retries: row.retries ?? 0,
        maxResponseBytes: MAX_RESPONSE_BYTES,
      });
      const before = process.memoryUsage();
      const call = api.run("op", inputsOf(row));
      if (row.fails === undefined) expect(await call).toMatchObject({ body: row.gives });
      else {
        await expect(call).rejects.toMatchObject({
          name: "CapabilityError",
          code: row.fails.code,
          message: expect.stringMatching(row.fails.says),
        });
      }
      const after = process.memoryUsage();
      expect(after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed).toBeLessThan(MOST_BYTES);
      await wire.close?.();
      await servers.expectSeen(row);
    }),
  );
});

it("an answer that nobody asked for is not given to the next call", async () => {
  const answer = (name: string) =>
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5\r\n\r\n"${name}"`;
  const server = await startFaultServer({
    answers: [[answer("one"), answer("bad")], [answer("two")], [answer("tre")]],
  });
  try {
    await using api = await openCapability(parse(capabilityOf(rows[0] ?? { what: "", requests: 0 }, server.port)), {
      env: { TOKEN },
      retries: 0,
    });
    for (const body of ["one", "two", "tre"])
      expect(await api.run("op", { "x-key": KEY, session: COOKIE })).toMatchObject({ body });
  } finally {
    await server.close();
  }
});

describe("by the command, an API that", () => {
  it.concurrent.each(rows.filter(({ isLibraryOnly }) => !isLibraryOnly).map(byNode))("$what", found =>
    inTime(found, async row => {
      await using servers = await startServers(row);
      const folder = await temporaryFolder({
        "api.yaml": capabilityOf(row, servers.port),
        "authority.pem": row.trust ?? "",
        // Written by the process itself, as it ends.
        "report.cjs":
          'process.on("exit", () => require("node:fs").writeFileSync("rss", String(process.resourceUsage().maxRSS)));',
      });
      const inputs = Object.entries(inputsOf(row)).flatMap(([name, value]) => [`--${name}`, toText(value)]);
      const { code, stdout, stderr } = await runCommand(
        [
          "run",
          "api.yaml",
          "op",
          "--quiet",
          ...inputs,
          ...["--timeout", String(row.timeoutMs)],
          ...["--retries", String(row.retries ?? 0)],
        ],
        {
          cwd: folder,
          env: {
            TOKEN,
            NODE_OPTIONS: "--require ./report.cjs",
            ...(row.trust === undefined ? {} : { NODE_EXTRA_CA_CERTS: path.join(folder, "authority.pem") }),
          },
        },
      );
      if (row.fails === undefined) {
        expect({ code, stdout, stderr }).toEqual({
          code: 0,
          stdout: `${JSON.stringify(row.gives)}\n`,
          // Further attempts are noted, and nothing else.
          stderr: expect.stringMatching(/^(?:note: .+, trying again in .+\n)*$/),
        });
      } else {
        expect({ code, stdout, stderr }).toEqual({
          code: row.fails.exit,
          stdout: "",
          stderr: expect.stringMatching(row.fails.says),
        });
        expect(stderr).toMatch(/\S\n$/);
        if (row.answers?.some(steps => String(steps[0]).includes("content-encoding")))
          expect(stderr).not.toContain("--output raw");
        expect(stderr).not.toMatch(/^ {4}at |^fault/m);
      }
      // In kilobytes: a body of 64 MiB, twice, and the process itself.
      expect(Number(await readFile(path.join(folder, "rss"), "utf8"))).toBeLessThan(400_000);
      await servers.expectSeen(row);
    }),
  );
});

function byNode({ byNode: other, ...row }: FaultRow): FaultRow {
  if (other === undefined) return row;
  const { gives: _, fails: __, ...rest } = row;
  return { ...rest, ...other };
}

interface TimedRow extends FaultRow {
  readonly timeoutMs: number;
}

interface Servers extends AsyncDisposable {
  readonly port: number;
  /** Checks what the servers saw, and that nothing is left open. */
  expectSeen(row: FaultRow): Promise<void>;
}

async function startServers(row: FaultRow): Promise<Servers> {
  const other = await startFaultServer({ answers: [row.other ?? []] });
  const first = await startFaultServer(row);
  first.pointTo(other.port);
  other.pointTo(first.port);
  if (row.isClosed) await first.close();
  return {
    port: first.port,
    async expectSeen({ requests, elsewhere = 0 }) {
      await Promise.all([first.idle(), other.idle()]);
      const [least, most] = typeof requests === "number" ? [requests, requests] : requests;
      expect(first.requests.length).toBeGreaterThanOrEqual(least);
      expect(first.requests.length).toBeLessThanOrEqual(most);
      // Undici opens a connection for a request that was aborted, before it sees that.
      expect(first.connections).toBeLessThanOrEqual(2 * Math.max(1, most));
      expect(other.requests).toHaveLength(elsewhere);
      // Requests behind another origin do not get dropped fields back.
      for (const [index, request] of first.requests.entries())
        if (index === 0 || elsewhere === 0) expect(request).toContain(TOKEN);
        else expect(request).not.toContain(MARK);
      expect(other.received.join("")).not.toContain(MARK);
    },
    async [Symbol.asyncDispose]() {
      if (!row.isClosed) await first.close();
      await other.close();
    },
  };
}

function capabilityOf(row: FaultRow, port: number): string {
  const { baseUri = "http://127.0.0.1:<port>", method = "GET" } = row;
  return capabilityText({
    baseUri: baseUri.replace("<port>", String(port)),
    binds: { TOKEN: "TOKEN" },
    authentication: { type: "bearer", token: "{{TOKEN}}" },
    operations: [
      {
        name: "op",
        method,
        path: "/op",
        inputParameters: [
          required("x-key", "header"),
          required("session", "cookie"),
          ...(method === "POST" ? [required("body", "body", "object")] : []),
        ],
      },
    ],
  });
}

function inputsOf({ method }: FaultRow): Record<string, unknown> {
  return { "x-key": KEY, session: COOKIE, ...(method === "POST" ? { body: { a: MARK } } : {}) };
}

/** Tries a row; one that waits for a time-out again with longer times, where the machine was too busy for it. */
async function inTime(row: FaultRow, attempt: (row: TimedRow) => Promise<void>): Promise<void> {
  if (row.fails?.code !== "TIMEOUT") return attempt({ ...row, timeoutMs: 600_000 });
  await withTime(scale =>
    attempt({
      ...row,
      timeoutMs: 1_500 * scale,
      answers: (row.answers ?? []).map(steps =>
        steps.map(step => (typeof step === "object" && "waitMs" in step ? { waitMs: step.waitMs * scale } : step)),
      ),
    }),
  );
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
