import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { AVSC, families, PROTO, streamFamilies } from "./answer-families.mjs";
import { median } from "./measure.mjs";

// npm run bench:growth [-- <pattern of "format name"> [bytes]] : how decoding grows with an answer that is built to be
// hostile. Each is decoded at a size and at twice that, in a process of its own. The factor is of processor times, and
// at most 2.5. Refused answers count too: refusing is work.

const MOST = 2.5;
/** Below this the factor says nothing, in milliseconds. */
const LEAST_MS = 40;
const ROUNDS = 3;
const SIZE = 1_000_000;
const ALL = [...families, ...streamFamilies];

const [, script, first = "", second] = process.argv;
if (first === "--one") await measureOne(process.argv.slice(3));
else process.exitCode = await measureAll(new RegExp(first), Number(second ?? SIZE));

async function measureAll(pattern, size) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "naftiko-growth-"));
  try {
    await writeFile(path.join(folder, "node.avsc"), AVSC);
    await writeFile(path.join(folder, "node.proto"), PROTO);
    let exceeding = 0;
    console.log("factor      ms  MiB  format, family, how it ended");
    for (const [index, { format, name }] of ALL.entries()) {
      if (!pattern.test(`${format} ${name}`)) continue;
      const [once, twice] = [size, 2 * size].map(bytes => medianOf(folder, index, bytes));
      const factor = once.ms < LEAST_MS ? Number.NaN : twice.ms / once.ms;
      if (factor > MOST) exceeding++;
      const figures = [
        factor.toFixed(2).padStart(6),
        twice.ms.toFixed(0).padStart(7),
        twice.mib.toFixed(0).padStart(4),
      ];
      console.log(
        `${figures.join(" ")}  ${format}, ${name}, ${twice.end}${factor > MOST ? "  <-- grows too fast" : ""}`,
      );
    }
    console.log(exceeding === 0 ? "None grows too fast" : `${exceeding} grow too fast`);
    return exceeding === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function medianOf(folder, index, bytes) {
  const runs = Array.from({ length: ROUNDS }, () => {
    const args = [fileURLToPath(new URL(`file://${script}`)), "--one", folder, String(index), String(bytes)];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, {
      encoding: "utf8",
      timeout: 120_000,
    });
    if (status !== 0)
      return { ms: Number.POSITIVE_INFINITY, mib: 0, end: stderr.trim().split("\n").at(-1) ?? "killed" };
    return JSON.parse(stdout);
  });
  return { ...runs[0], ms: median(runs.map(({ ms }) => ms)), mib: median(runs.map(({ mib }) => mib)) };
}

/** Decodes one body of a family in this process, and prints the figures as JSON. */
async function measureOne([folder, index, bytes]) {
  const family = ALL[Number(index)];
  const body = family.body(Number(bytes));
  const decode = await (family.format.includes("/") ? streamDecoder(family) : rawDecoder(family, folder));
  const before = process.cpuUsage();
  let end = "decoded";
  try {
    await decode(body);
  } catch (error) {
    end = error.message.slice(0, 60);
  }
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ ms: (user + system) / 1_000, mib: process.resourceUsage().maxRSS / 1024, end }));
}

async function rawDecoder({ format, schema, contentType }, folder) {
  const { rawFormats } = await import("../dist/engine/formats/raw-formats.js");
  const { DEFAULT_DECODE_LIMITS } = await import("../dist/base/decode-limits.js");
  const outputSchema = schema ?? { avro: "node.avsc", protobuf: "node.proto" }[format];
  const decode = await rawFormats.get(format).prepare({ outputSchema, folder });
  return bytes => decode({ bytes, contentType }, DEFAULT_DECODE_LIMITS);
}

async function streamDecoder({ format }) {
  const { streamItems } = await import("../dist/engine/response/stream-items.js");
  const { streamFormatOf } = await import("../dist/engine/response/stream-formats.js");
  const operation = { name: "op", rawFormat: "json", method: "GET" };
  return async body => {
    const response = { status: 200, statusText: "", headers: { "content-type": format }, body };
    const request = { method: "GET", url: "https://api.test/", headers: {} };
    const found = streamFormatOf(operation, response);
    const explain = error => error;
    const maxResponseBytes = 64 * 1024 * 1024;
    const source = { operation, request, response, format: found, maxResponseBytes, explain };
    for await (const _ of streamItems(source, value => value));
  };
}
