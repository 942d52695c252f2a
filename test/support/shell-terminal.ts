import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { temporaryFolder } from "./temporary-folder.ts";

export type TestedShell = "bash" | "zsh" | "fish";

const LINE_FILE = "line.txt";

/** Enough for a busy machine. A shell that waits for something else is not waited for. */
const LONGEST_WAIT_MS = 30_000;

/** Way to start a shell with a start-up file of ours alone. Ctrl-O writes the line that is typed to `$LINE_FILE`. */
const STARTS: Readonly<
  Record<TestedShell, { readonly file: string; readonly start: string; readonly commands: string }>
> = {
  bash: {
    file: "bashrc",
    start: "exec bash --noprofile --rcfile bashrc -i",
    commands: `PS1='ready> '
bind 'set bell-style none'
bind 'set completion-query-items 0'
bind 'set page-completions off'
bind 'set enable-bracketed-paste off'
bind -x '"\\C-o": printf "%s\\n" "$READLINE_LINE" >"$LINE_FILE"'
source <(naftiko completion bash)`,
  },
  zsh: {
    file: ".zshrc",
    start: 'ZDOTDIR="$PWD" exec zsh -d -i',
    commands: `PS1='ready> '
LISTMAX=0
unsetopt beep prompt_cr prompt_sp
autoload -Uz compinit
compinit -D -u
source <(naftiko completion zsh)
write-line() { print -r -- "$BUFFER" >"$LINE_FILE" }
zle -N write-line
bindkey -e
bindkey '^O' write-line`,
  },
  fish: {
    file: "fish/config.fish",
    start: 'XDG_CONFIG_HOME="$PWD" exec fish -i',
    commands: `set -g fish_greeting
function fish_prompt; printf 'ready> '; end
naftiko completion fish | source
bind \\co 'commandline >$LINE_FILE'`,
  },
};

/** Tells why a shell cannot be tried here. */
export function missingShell(shell: TestedShell): string | undefined {
  const missing = [shell, "script"].filter(name => spawnSync(name, ["--version"]).status !== 0);
  return missing.length === 0 ? undefined : `${missing.join(" and ")} not installed`;
}

/** A shell in a terminal. */
export class ShellTerminal {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lineFile: string;
  /** Working folder of the shell. */
  readonly folder: string;
  #shown = "";

  private constructor(child: ChildProcessWithoutNullStreams, folder: string) {
    this.#child = child;
    this.folder = folder;
    this.#lineFile = path.join(folder, LINE_FILE);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#shown += text;
    });
    child.stdin.on("error", () => {});
  }

  /**
   * Starts a shell.
   *
   * @param files in its working folder
   */
  static async start(
    shell: TestedShell,
    {
      command,
      files,
      env = {},
    }: {
      readonly command: string;
      readonly files: Readonly<Record<string, string>>;
      readonly env?: Readonly<Record<string, string>>;
    },
  ): Promise<ShellTerminal> {
    const { file, start, commands } = STARTS[shell];
    const bin = `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} -- ${JSON.stringify(command)} "$@"\n`;
    const folder = await temporaryFolder({ [file]: `${commands}\n`, "bin/naftiko": bin, ...files });
    const shellCommand = `chmod +x bin/naftiko; stty rows 100 cols 140; ${start}`;
    const child = spawn("script", ["-qfec", shellCommand, "/dev/null"], {
      cwd: folder,
      env: {
        PATH: `${path.join(folder, "bin")}${path.delimiter}${process.env["PATH"]}`,
        HOME: folder,
        SHELL: "/bin/sh",
        TERM: "xterm",
        LANG: "C.UTF-8",
        LINE_FILE: path.join(folder, LINE_FILE),
        ...env,
      },
    });
    const terminal = new ShellTerminal(child, folder);
    await terminal.waitFor("ready> ");
    return terminal;
  }

  /** Types keys. */
  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Waits until a text is shown, since the line was begun. */
  async waitFor(text: string): Promise<void> {
    await this.#until(() => this.shown().includes(text), `show ${JSON.stringify(text)}`);
  }

  /** Returns what has been shown since the line was begun, without colours and movements. */
  shown(): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
    return this.#shown.replace(/\u001b(?:\[[0-9;?>=]*[A-Za-z]|[()].|\][^\u0007]*\u0007|.)|[\r\u0007\u0000]/g, "");
  }

  /** Returns the line as it is when all keys before have been worked on. */
  async line(): Promise<string> {
    await rm(this.#lineFile, { force: true });
    this.type("\u000f");
    let text = "";
    await this.#until(async () => {
      text = await readFile(this.#lineFile, "utf8").catch(() => "");
      return text.endsWith("\n");
    }, "answer");
    return text.slice(0, -1);
  }

  async #until(isDone: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const start = Date.now();
    while (!(await isDone())) {
      if (this.#child.exitCode !== null || Date.now() - start > LONGEST_WAIT_MS)
        throw new Error(`The shell does not ${what}; it has shown ${JSON.stringify(this.shown())}`);
      await pause(10);
    }
  }

  /** Clears the line. */
  async clear(): Promise<void> {
    this.type("\u0015");
    await this.line();
    this.#shown = "";
  }

  async close(): Promise<void> {
    this.#child.kill("SIGKILL");
    await new Promise(resolve => this.#child.once("close", resolve));
  }
}
