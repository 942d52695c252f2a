import { quoteArgument } from "../../base/quote-argument.ts";
import type { Remedy } from "../../base/remedy.ts";
import { openOptions } from "../../engine/options.ts";

/**
 * Tells a user of the command how to follow a remedy.
 *
 * @param login the arguments of `naftiko login`
 * @param variables where variables are read from
 */
function remedyText(remedy: Remedy, login: readonly string[] = [], variables = "the environment or in .env"): string {
  if ("variable" in remedy) return `Set ${remedy.variable} in ${variables}`;
  if ("action" in remedy) return actionText(remedy, login);
  const flag = `--${openOptions[remedy.option].flag?.name}`;
  switch (remedy.option) {
    case "allowHosts":
    case "bindFileRoots":
    case "folderRoots":
    case "importRoots":
    case "scriptRoots":
      return `${remedy.value.map(value => `${flag} ${quoteArgument(value)}`).join(" ")} allows it`;
    case "allowInsecureAuthentication":
      return `${flag} allows it; https is safer`;
    case "baseUri":
      return `${flag} ${remedy.namespace}=https://… sets it`;
    case "certificateAuthority":
      return `${flag} FILE accepts it, where FILE has the certificate of an authority that you trust`;
    case "egress":
      return `${flag} ${remedy.value} allows it`;
    case "impliedAuthentication":
      return `${flag} turns it off`;
    case "maxRedirects":
      return `${flag} N follows as many`;
    case "maxDecodeMs":
    case "maxResponseBytes":
    case "maxResponseValues":
      return `${flag} allows more`;
  }
}

function actionText(remedy: Extract<Remedy, { readonly action: unknown }>, login: readonly string[]): string {
  switch (remedy.action) {
    case "login":
      return `${["naftiko login", ...login.map(quoteArgument)].join(" ")} logs in`;
    case "nameConfig":
      return `--config ${quoteArgument(remedy.file)} uses it all the same`;
    case "trustConfig":
      return `naftiko trust ${quoteArgument(remedy.file)} allows it`;
  }
}

/**
 * Returns the remedies of an error as lines: variables together, then the others, each once.
 *
 * @param login the arguments of `naftiko login`
 * @param place where variables are read from, if not in the environment and in `.env`
 */
export function remedyLines(remedies: readonly Remedy[], login: readonly string[] = [], place?: string): string[] {
  const variables = remedies.flatMap(remedy => ("variable" in remedy ? remedy.variable : []));
  const others = remedies.filter(remedy => !("variable" in remedy));
  const first =
    variables.length === 0 ? [] : [remedyText({ variable: [...new Set(variables)].join(", ") }, login, place)];
  return [...first, ...new Set(others.map(remedy => remedyText(remedy, login)))];
}

/** Returns the message of a finding with its remedy. */
export function findingText({
  message,
  remedy,
}: {
  readonly message: string;
  readonly remedy?: Remedy | undefined;
}): string {
  return remedy === undefined ? message : `${message}; ${remedyText(remedy)}`;
}
