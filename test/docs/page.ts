import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export const root: string = path.resolve(import.meta.dirname, "../..");

/** A fenced block of a Markdown file. */
export interface Block {
  /** The first word of the info string. */
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

export function readBlocks(markdown: string): Block[] {
  return Array.from(markdown.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm), ({ 1: info = "", 2: text = "", index }) => ({
    language: info.split(" ", 1)[0] ?? "",
    text: text.trimEnd(),
    line: markdown.slice(0, index).split("\n").length,
  }));
}

/** Returns the file that a block is to be saved as: its first line is a comment with the name. */
export function fileNameOf({ text }: Block): string | undefined {
  return /^(?:#|\/\/) ([\w./-]+\.\w+)\n/.exec(text)?.[1];
}

/** Ports that pages name; each stands for one that is free. */
const PORTS = /\b40[1-9]0\b/g;

/** Where a reader of a page would be: a folder with the package at hand, in which the page's blocks are done one by one. */
export class Workplace {
  readonly #folder: string;
  readonly #upstream: string;
  readonly #ports: ReadonlyMap<string, number>;
  readonly #background: number[] = [];
  #exports = "";

  private constructor(folder: string, upstream: string, ports: ReadonlyMap<string, number>) {
    this.#folder = folder;
    this.#upstream = upstream;
    this.#ports = ports;
  }

  /** @param upstream base URI that stands for Clerk's */
  static async create(markdown: string, upstream: string): Promise<Workplace> {
    const base = await realpath(await mkdtemp(path.join(tmpdir(), "naftiko-docs-")));
    const ports = new Map<string, number>();
    for (const [port] of markdown.matchAll(PORTS)) ports.set(port, ports.get(port) ?? (await freePort()));
    const place = new Workplace(path.join(base, "clone"), upstream, ports);
    await place.#addPackage();
    await place.#addPrograms();
    await place.#addUpstream();
    return place;
  }

  /** Writes a file that the page gives. */
  async save(name: string, text: string): Promise<void> {
    const file = path.join(this.#folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, `${this.#withPorts(text)}\n`);
  }

  /**
   * Runs commands in a shell and returns the lines that a terminal would show. A command that ends in `&` goes on; its
   * first lines are returned.
   *
   * @param lines how many lines are expected
   */
  async run(text: string, lines: number): Promise<string> {
    const commands = this.#withPorts(text);
    const isBackground = commands.endsWith("&");
    const script = `exec 2>&1\n${this.#exports}${isBackground ? commands.slice(0, -1) : commands}`;
    for (const [line] of commands.matchAll(/^export .*$/gm)) this.#exports += `${line}\n`;
    const child = spawn("sh", ["-c", script], {
      cwd: this.#folder,
      env: this.#environment(),
      stdio: ["ignore", "pipe", "inherit"],
      // A process group of its own, so that it ends with everything it started.
      detached: isBackground,
    });
    if (isBackground && child.pid !== undefined) this.#background.push(child.pid);
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      output += part;
      if (isBackground && output.split("\n").length > lines) child.emit("ready");
    });
    const [code] = await Promise.race([once(child, "close"), once(child, "ready")]);
    if (code !== undefined && code !== 0) throw new Error(`Exit code ${code} of:\n${text}\n\n${output}`);
    return output.replaceAll(this.#upstream, "https://api.clerk.com/v1").replaceAll(this.#folder, "…");
  }

  async close(): Promise<void> {
    // Those that others need were started first.
    for (const group of this.#background.reverse()) await end(group);
    await rm(path.dirname(this.#folder), { recursive: true, force: true });
  }

  #environment(): Record<string, string> {
    const programs = path.join(this.#folder, "..", "programs");
    return {
      PATH: [programs, path.dirname(process.execPath), "/usr/bin", "/bin"].join(path.delimiter),
      HOME: path.dirname(this.#folder),
      NAFTIKO_PATH: path.join(this.#folder, "..", "upstream"),
    };
  }

  /** Makes `import "naftiko"` work as it does in a clone, and the examples too. */
  async #addPackage(): Promise<void> {
    const packages = path.join(this.#folder, "node_modules");
    await mkdir(packages, { recursive: true });
    await symlink(root, path.join(packages, "naftiko"));
    await symlink(path.join(root, "node_modules", "fastify"), path.join(packages, "fastify"));
    await cp(path.join(root, "examples"), path.join(this.#folder, "examples"), { recursive: true });
    const settings = "examples/sandbox.env";
    await this.save(settings, await readFile(path.join(root, settings), "utf8"));
  }

  /**
   * Adds the programs that pages call. In place of `npm` and `sudo` stand such that do nothing: everything is installed,
   * and the tests are what runs. `.ci/run` calls the real ones.
   */
  async #addPrograms(): Promise<void> {
    const programs = {
      naftiko: `exec "${process.execPath}" -- "${path.join(root, "dist", "naftiko.cjs")}" "$@"`,
      npx: 'exec "$@"',
      npm: 'case "$*" in install|test|"install --global naftiko") ;; *) echo "no npm $*"; exit 1 ;; esac',
      sudo: 'case "$*" in "apt-get install -y redis-server") ;; *) echo "no sudo $*"; exit 1 ;; esac',
    };
    const folder = path.join(this.#folder, "..", "programs");
    await mkdir(folder);
    for (const [name, text] of Object.entries(programs)) {
      await writeFile(path.join(folder, name), `#!/bin/sh\n${text}\n`);
      await chmod(path.join(folder, name), 0o755);
    }
  }

  /**
   * Adds the capability under its own name, with the stand-in's base URI: commands and programs stay as they are
   * written.
   */
  async #addUpstream(): Promise<void> {
    const file = "clerk-backend-api-api-keys.yaml";
    const text = await readFile(path.join(root, "capabilities", file), "utf8");
    const folder = path.join(this.#folder, "..", "upstream");
    await mkdir(folder);
    await writeFile(path.join(folder, file), text.replace("https://api.clerk.com/v1", this.#upstream));
  }

  #withPorts(text: string): string {
    return text.replace(PORTS, port => String(this.#ports.get(port) ?? port));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("The server has no port");
  return address.port;
}

/** Returns output without its parts that differ from run to run; JSON as a terminal shows it. */
export function normalise(output: string): string {
  return output
    .trimEnd()
    .split("\n")
    .map(line => indentJson(line.trimEnd()))
    .join("\n")
    .replace(/\b([a-z]{1,4})_[0-9a-f]{24}\b/g, "$1_<id>")
    .replace(/\bsandbox_[0-9a-f]{40}\b/g, "sandbox_<secret>")
    .replace(/\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g, "<time>")
    .replace(/\b127\.0\.0\.1:\d+/g, "127.0.0.1:<port>")
    .replace(/[·█]+ +\d+–/g, "<bar>  <n>–")
    .replace(/\b\d+ ms\b/g, "<n> ms");
}

function indentJson(line: string): string {
  if (!/^[[{]/.test(line)) return line;
  try {
    return JSON.stringify(JSON.parse(line), undefined, 2);
  } catch {
    return line;
  }
}

/** Ends a process group and waits until it is gone: programs write as they end. */
async function end(group: number): Promise<void> {
  try {
    for (process.kill(-group); ; process.kill(-group, 0)) await pause(10);
  } catch {
    // It has ended.
  }
}
