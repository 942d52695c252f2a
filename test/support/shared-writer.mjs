import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

// node shared-writer.mjs <kind> <file> <name> [count]: a process that writes items to a shared file, one after the other,
// and prints each when it has been acknowledged. Without a name, it prints those that the file has.

const dist = path.resolve(import.meta.dirname, "../../dist");
const from = file => import(pathToFileURL(path.join(dist, file)).href);
const require = createRequire(import.meta.url);

const call = (name, number) => ({
  request: { method: "GET", url: `https://api.test/${name}/${number}` },
  response: { status: 200, body: { text: `${"line of text\n".repeat((number % 10) * 500)}é` } },
});

const digest = (name, number) => `${name}/${number}`;

/** How items are written to a file of each kind, and read; a file that is damaged fails to be. */
export const shared = {
  logins: {
    async open(file) {
      const { fileLoginMedium } = await from("engine/authentication/login-media.js");
      const medium = fileLoginMedium(file);
      return (name, number) => medium.write(digest(name, number), { accessToken: "x".repeat(2_000) });
    },
    async read(file) {
      const { readFile } = await import("node:fs/promises");
      return Object.keys(JSON.parse(await readFile(file, "utf8")));
    },
  },
  recording: {
    async open(file) {
      const { CassetteFile } = await from("net/cassette/cassette-file.js");
      const cassette = await CassetteFile.create(file, { append: true });
      return (name, number) => cassette.add(call(name, number));
    },
    async read(file) {
      const { readFile } = await import("node:fs/promises");
      // By another parser than ours: anybody can read it.
      const { interactions } = require("yaml").parse(await readFile(file, "utf8"));
      const { readCassette } = await from("net/cassette/cassette-file.js");
      const ours = (await readCassette(file)).interactions;
      if (ours.length !== interactions.length) throw new Error("Two parsers find different calls");
      return interactions.map(({ request }) => new URL(request.url).pathname.slice(1));
    },
  },
  cache: {
    async open(file) {
      const { createResponseCache } = await from("net/cache/response-cache.js");
      const onWarning = message => {
        throw new Error(message);
      };
      const entries = await createResponseCache({ file, onWarning }).entries();
      return (name, number) => {
        const url = digest(name, number);
        const body = Buffer.alloc((number % 10) * 5_000, 120);
        const entry = { url, variant: "v", vary: "{}", head: "{}", body, expiresAt: Date.now() + 1e9 };
        if (!entries.put(entry)) throw new Error("The entry is not kept");
      };
    },
    async read(file) {
      const { openDatabase } = await from("net/cache/open-database.js");
      const database = await openDatabase(file);
      try {
        const check = database.prepare("PRAGMA integrity_check").get();
        if (check.integrity_check !== "ok") throw new Error(`The database is damaged: ${JSON.stringify(check)}`);
        return database
          .prepare("SELECT url FROM entry")
          .all()
          .map(({ url }) => url);
      } finally {
        database.close();
      }
    },
  },
};

if (process.argv[1] === import.meta.filename) {
  const [kind, file, name, count = "Infinity"] = process.argv.slice(2);
  if (name === undefined) {
    for (const item of await shared[kind].read(file)) process.stdout.write(`${item}\n`);
  } else {
    const write = await shared[kind].open(file);
    for (let number = 1; number <= Number(count); number++) {
      await write(name, number);
      process.stdout.write(`${digest(name, number)}\n`);
      // The printed text is to leave the process.
      await new Promise(setImmediate);
    }
  }
}
