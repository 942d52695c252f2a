import type { CommandModule } from "./command-module.ts";
import { addCommand } from "./commands/add.ts";
import { batchCommand } from "./commands/batch.ts";
import { completionCommand } from "./commands/completion.ts";
import { describeCommand } from "./commands/describe.ts";
import { exportCommand } from "./commands/export.ts";
import { helpCommand } from "./commands/help.ts";
import { importCommand } from "./commands/import.ts";
import { initCommand } from "./commands/init.ts";
import { listCommand } from "./commands/list.ts";
import { loginCommand, logoutCommand } from "./commands/login.ts";
import { mcpCommand } from "./commands/mcp.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { mockCommand } from "./commands/mock.ts";
import { runCommand } from "./commands/run.ts";
import { searchCommand } from "./commands/search.ts";
import { serveCommand } from "./commands/serve.ts";
import { trustCommand } from "./commands/trust.ts";
import { typesCommand } from "./commands/types.ts";
import { validateCommand } from "./commands/validate.ts";
import { workerCommand } from "./commands/worker.ts";

/** Every command, in the order of the help. */
export const commands = [
  runCommand,
  batchCommand,
  listCommand,
  searchCommand,
  describeCommand,
  importCommand,
  exportCommand,
  typesCommand,
  validateCommand,
  migrateCommand,
  mockCommand,
  serveCommand,
  mcpCommand,
  workerCommand,
  initCommand,
  addCommand,
  loginCommand,
  logoutCommand,
  trustCommand,
  completionCommand,
  helpCommand,
] as readonly CommandModule[];

/** Returns the word that names a command. */
export function commandName({ command }: CommandModule): string {
  return command.split(" ", 1)[0] ?? "";
}
