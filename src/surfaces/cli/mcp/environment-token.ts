import type { CommandContext } from "../command-context.ts";
import { usageError } from "../usage-error.ts";

/**
 * Reads the token that clients present from a variable of the environment. It is masked from then on.
 *
 * @returns `undefined` without a variable
 * @throws CapabilityError `USAGE` for a variable that has no value
 */
export function environmentToken(
  variable: string | undefined,
  { env, secrets }: Pick<CommandContext, "env" | "secrets">,
): string | undefined {
  if (variable === undefined) return undefined;
  const token = env[variable]?.trim() ?? "";
  if (token === "") throw usageError(`Option --token-env names ${JSON.stringify(variable)}, which has no value`);
  secrets.add(token);
  return token;
}
