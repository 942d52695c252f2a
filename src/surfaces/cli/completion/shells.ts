import { bash } from "./bash.ts";
import { fish } from "./fish.ts";
import type { Shell, ShellRow } from "./shell.ts";
import { zsh } from "./zsh.ts";

export const shells: Readonly<Record<Shell, ShellRow>> = { bash, zsh, fish };
