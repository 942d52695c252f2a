import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { temporaryFolder } from "./temporary-folder.ts";

/** Whether this machine has a Redis to start. Tests that stop or set one need their own. */
export const hasRedisServer: boolean = spawnSync("redis-server", ["--version"]).status === 0;

/** A Redis of one test. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Runs a command by `redis-cli` and returns what it prints. */
  command(...words: string[]): string;
  /** Ends it at once, with all that it keeps. */
  kill(): Promise<void>;
  /** Starts it again at the same port. */
  start(): Promise<void>;
  /** Lets it hang, or go on. */
  signal(name: "SIGSTOP" | "SIGCONT"): void;
}

/** Starts a Redis on a free port of loopback. It keeps nothing, and ends with the test that registers `kill`. */
export async function startRedis(...options: string[]): Promise<RedisServer> {
  const folder = await temporaryFolder({});
  const port = await freePort();
  let child: ChildProcess | undefined;
  const command = (...words: string[]) =>
    spawnSync("redis-cli", ["-p", String(port), ...words], { encoding: "utf8" }).stdout.trim();
  const start = async () => {
    const settings = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder, ...options];
    child = spawn("redis-server", settings, { stdio: "ignore" });
    while (!/^(?:PONG|NOAUTH)/.test(command("ping"))) await pause(20);
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    command,
    start,
    signal: name => child?.kill(name),
    async kill() {
      if (child === undefined) return;
      const ended = new Promise(resolve => child?.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
      child = undefined;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise(resolve => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}
