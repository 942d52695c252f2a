import { spawn, spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DockerfileParser } from "dockerfile-ast";

// npm run check:image : does what the Dockerfile says without a container engine. Each stage is a clean folder over the
// root of this machine, which stands for the image that it begins from; its steps run there. The result is then mounted
// read-only and started as its user, with no rights, no variables but its own, and no folder to write to: it has to get
// healthy, to answer, and to end well at SIGTERM. It needs Linux and root, for mounts that only its processes see.

const root = path.resolve(import.meta.dirname, "..");
const CAPABILITIES = path.join(root, "deploy", "compose", "capabilities");
const INSIDE = "NAFTIKO_CHECK_IMAGE";

/** Runs this script once more where its mounts are its own. */
function startInside() {
  if (process.platform !== "linux" || process.geteuid() !== 0) {
    console.log("image: not checked: mounts need Linux and root");
    return;
  }
  const args = ["--mount", "--propagation", "private", process.execPath, import.meta.filename];
  const { status, error } = spawnSync("unshare", args, { stdio: "inherit", env: { ...process.env, [INSIDE]: "1" } });
  if (error !== undefined) throw error;
  process.exitCode = status ?? 1;
}

async function checkImage() {
  const folder = await mkdtemp(path.join(tmpdir(), "naftiko-image-"));
  const stages = new Map();
  try {
    const image = await buildImage(await readFile(path.join(root, "Dockerfile"), "utf8"), folder, stages);
    await useImage(image);
    console.log("image: all checks passed");
  } finally {
    if (process.env.KEEP)
      spawnSync("sh", ["-c", `du -ak ${folder}/1/upper | sort -rn | head -70`], { stdio: "inherit" });
    for (const { merged } of stages.values()) unmount(merged);
    await rm(folder, { recursive: true, force: true });
  }
}

/** A stage: the folder that it sees as its root, and what it says of the processes in it. */
class Stage {
  constructor(folder) {
    this.folder = folder;
    this.merged = path.join(folder, "root");
    this.upper = path.join(folder, "upper");
    this.directory = "/";
    this.env = {};
    this.user = "0:0";
    this.entrypoint = [];
    this.command = [];
    this.health = [];
  }

  async mount() {
    for (const name of ["upper", "work", "root"]) await mkdir(path.join(this.folder, name), { recursive: true });
    const layers = `lowerdir=/,upperdir=${this.upper},workdir=${path.join(this.folder, "work")}`;
    must("mount", ["-t", "overlay", "overlay", "-o", layers, this.merged]);
    for (const name of ["proc", "dev"]) must("mount", ["--rbind", `/${name}`, path.join(this.merged, name)]);
    must("mount", ["-t", "tmpfs", "tmpfs", path.join(this.merged, "tmp")]);
  }

  /** Returns a place of the stage as this machine sees it. */
  place(name) {
    return path.join(this.merged, path.posix.resolve(this.directory, name));
  }
}

/** Does the steps of all stages, and returns the last. */
async function buildImage(text, folder, stages) {
  let stage;
  for (const step of DockerfileParser.parse(text).getInstructions()) {
    const keyword = step.getKeyword();
    const does = STEPS[keyword];
    check(does !== undefined, `the Dockerfile has the step ${keyword}, which this script does not know`);
    if (keyword === "FROM") {
      stage = new Stage(path.join(folder, String(stages.size)));
      await stage.mount();
      stages.set(step.getBuildStage() ?? String(stages.size), stage);
    }
    const [first = ""] = step.toString().split("\n");
    console.log(`image: ${first.length > 110 ? `${first.slice(0, 109)}…` : first}`);
    await does(stage, step, stages);
  }
  return stage;
}

const STEPS = {
  ARG: () => {},
  FROM: (_stage, step) => check(/^node:\S+-slim$/.test(step.getImage() ?? ""), `its base is ${step.getImage()}`),
  WORKDIR: async (stage, step) => {
    stage.directory = path.posix.resolve(stage.directory, argumentsOf(step)[0]);
    await mkdir(stage.place("."), { recursive: true });
  },
  COPY: async (stage, step, stages) => {
    const from = step.getFromFlag()?.getValue();
    const names = argumentsOf(step);
    const to = names.pop();
    for (const name of names) {
      const isFolder = to.endsWith("/") || (names.length === 1 && name === ".");
      const target = stage.place(isFolder && name !== "." ? path.join(to, name) : to);
      if (from !== undefined) must("cp", ["-a", "--", stages.get(from).place(name), target]);
      else if (name === ".") await copyContext(target);
      else await cp(path.join(root, name), target, { recursive: true });
    }
  },
  RUN: (stage, step) => must(...inside(stage, ["/bin/sh", "-ec", step.getRawArgumentsContent()], buildVariables())),
  ENV: (stage, step) => {
    for (const property of step.getProperties()) stage.env[property.getName()] = property.getValue();
  },
  USER: (stage, step) => {
    [stage.user] = argumentsOf(step);
    check(
      /^[1-9]\d*:[1-9]\d*$/.test(stage.user),
      `its user is ${stage.user}: Kubernetes cannot tell that it is not root`,
    );
  },
  EXPOSE: () => {},
  STOPSIGNAL: (_stage, step) => check(argumentsOf(step)[0] === "SIGTERM", "it is not stopped by SIGTERM"),
  HEALTHCHECK: (stage, step) => {
    stage.health = JSON.parse(/ CMD (\[.*\])$/s.exec(step.toString())?.[1] ?? "[]");
  },
  ENTRYPOINT: (stage, step) => {
    stage.entrypoint = JSON.parse(step.getArgumentsContent());
  },
  CMD: (stage, step) => {
    stage.command = JSON.parse(step.getArgumentsContent());
  },
};

function argumentsOf(step) {
  return step.getArguments().map(argument => argument.getValue());
}

/** Copies what .dockerignore lets through: it leaves all out but what it names, and some files wherever they are. */
async function copyContext(target) {
  const lines = (await readFile(path.join(root, ".dockerignore"), "utf8"))
    .split("\n")
    .filter(line => /^[^#]/.test(line));
  check(lines[0] === "*", ".dockerignore lets in what it does not name");
  const ignored = lines
    .filter(line => line.startsWith("**/"))
    .map(line => new RegExp(`^${line.slice(3).replaceAll(".", "\\.").replaceAll("*", ".*")}$`));
  for (const line of lines) {
    if (!line.startsWith("!")) continue;
    const name = line.slice(1);
    const filter = file => !ignored.some(pattern => pattern.test(path.basename(file)));
    await cp(path.join(root, name), path.join(target, name), { recursive: true, filter });
  }
}

/** Starts the image as a container engine would, read-only, and uses it. */
async function useImage(stage) {
  must("cp", ["-r", `${CAPABILITIES}/.`, stage.place("/capabilities/")]);
  unmount(path.join(stage.merged, "tmp"));
  must("mount", ["-o", "remount,ro", stage.merged]);
  const size = must("du", ["-sk", "--exclude=tmp", stage.upper]).split("\t")[0];
  check(Number(size) < 32 * 1024, `the image adds ${size} kB to its base`);
  const ports = new Map([
    ["8080", await freePort()],
    ["9190", await freePort()],
  ]);
  const withPorts = words => words.map(word => word.replace(/8080|9190/g, port => ports.get(port)));
  const node = inside(stage, ["node", "-e", "require('fs').writeFileSync('/tmp/x', '')"], stage.env);
  check(
    spawnSync(...node)
      .stderr.toString()
      .includes("EROFS"),
    "the image can write to its own folders",
  );
  const running = spawn(...inside(stage, withPorts([...stage.entrypoint, ...stage.command]), stage.env));
  let printed = "";
  for (const stream of [running.stdout, running.stderr]) stream.on("data", text => (printed += text));
  const ended = new Promise(resolve => running.on("close", resolve));
  const health = () => spawnSync(...inside(stage, withPorts(stage.health), stage.env)).status;
  try {
    for (let tries = 0; health() !== 0; tries++) {
      check(tries < 50 && running.exitCode === null, `the image does not get healthy: ${printed}`);
      await pause(100);
    }
    const response = await fetch(`http://127.0.0.1:${ports.get("8080")}/greetings/Ada`);
    check((await response.text()) === '{"text":"Hello Ada"}', `the image answers ${response.status}`);
    const version = must(...inside(stage, ["naftiko", "--version"], stage.env)).trim();
    console.log(`image: naftiko ${version} adds ${size} kB, is healthy and answers as user ${stage.user}, read-only`);
  } finally {
    running.kill("SIGTERM");
  }
  const code = await ended;
  check(code === 0, `the image ends with ${code} at SIGTERM: ${printed}`);
  check(health() !== 0, "the image is healthy after its end");
}

/** Returns the words of `spawn` that run a program inside of a stage. */
function inside(stage, words, env) {
  const [uid, gid] = stage.user.split(":");
  const isRoot = uid === "0";
  const rights = isRoot ? [] : ["--bounding-set", "-all", "--inh-caps", "-all", "--no-new-privs"];
  const user = ["setpriv", "--reuid", uid, "--regid", gid, "--clear-groups", ...rights, "--"];
  // The folder is changed in the shell that is then replaced: signals reach the program itself.
  const script = ["/bin/sh", "-c", 'cd "$0" && exec "$@"', stage.directory];
  const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  return ["chroot", [stage.merged, ...script, ...user, ...words], { env: { PATH, ...env }, maxBuffer: 1 << 28 }];
}

/** Returns variables that a build gets from outside: where npm finds its registry. */
function buildVariables() {
  const known = /^(?:https?_proxy|no_proxy|npm_config_registry|NODE_EXTRA_CA_CERTS)$/i;
  return { HOME: "/root", ...Object.fromEntries(Object.entries(process.env).filter(([name]) => known.test(name))) };
}

/** Runs a program to its end and returns what it printed. */
function must(program, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, options);
  if (error !== undefined) throw error;
  check(status === 0, `${program} ${args.join(" ")} failed: ${stdout}${stderr}`);
  return stdout.toString();
}

function unmount(folder) {
  spawnSync("umount", ["--recursive", "--lazy", folder]);
}

async function freePort() {
  const server = createServer();
  await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise(resolve => server.close(resolve));
  return String(port);
}

function check(isRight, problem) {
  if (!isRight) throw new Error(`Image check: ${problem}`);
}

if (process.env[INSIDE] === undefined) startInside();
else await checkImage();
