import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

// The API that the capability of the conformance suite consumes.

/** An image of one pixel. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** A sound without samples: 8 kHz, 8 bits, one channel. */
const WAV = Buffer.concat([
  Buffer.from("RIFF$\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0", "latin1"),
  Buffer.from([0x40, 0x1f, 0, 0, 0x40, 0x1f, 0, 0, 1, 0, 8, 0]),
  Buffer.from("data\0\0\0\0", "latin1"),
]);

/** Answers by path: status, content type and body. */
const answers = {
  "/text": () => [200, "text/plain; charset=utf-8", "This is a simple text response for testing."],
  "/image.png": () => [200, "image/png", PNG],
  "/audio.wav": () => [200, "audio/wav", WAV],
  "/failure": () => [500, "text/plain; charset=utf-8", "This tool intentionally returns an error for testing"],
  "/slow": async () => {
    await pause(3_000);
    return [200, "text/plain; charset=utf-8", "Done"];
  },
  "/users": () => [201, "application/json", '{"created":true}'],
};

/** Starts the API on a free port of this computer. Returns its address, and a function that stops it. */
export async function startUpstream() {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const item = /^\/items\/([^/]+)$/.exec(pathname)?.[1];
    const [status, type, body] =
      item === undefined
        ? ((await answers[pathname]?.()) ?? [404, "text/plain", "Not found"])
        : [200, "application/json", JSON.stringify({ id: item, data: `Data for ID: ${item}` })];
    response.writeHead(status, { "content-type": type }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
