import { setTimeout as pause } from "node:timers/promises";
import { CapabilityError } from "../../base/capability-error.ts";
import type { StoredTokens } from "../../engine/authentication/login-store.ts";
import { type LoginTarget, loginNamespaces, loginTarget } from "../../engine/login.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import type { Runtime } from "../../engine/runtime.ts";
import { createNodeHttpTransport } from "../../net/wire/node-http.ts";
import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { openBrowser } from "./open-browser.ts";
import { openNamed } from "./open-named.ts";
import { printLines } from "./printed-text.ts";
import { readBaseUris } from "./read-base-uris.ts";
import { readBindValues } from "./read-bind-values.ts";
import { usageError } from "./usage-error.ts";

/** Options of `login` and `logout`. */
export interface LoginOptions {
  readonly capability: string;
  /** Needed where people can log in to more than one API. */
  readonly namespace: string | undefined;
  readonly open: OpenOptions;
  readonly envFiles: readonly string[];
  readonly baseUris: readonly string[];
}

interface LoginWays {
  /** Whether the person is at another device. */
  readonly device: boolean;
  /** Port of the redirect URI; `0` for any. */
  readonly port: number;
}

/** Time to find a password and a second factor. */
const LONGEST_LOGIN_MS = 5 * 60_000;

/** Runs `naftiko login <capability> [namespace]`. */
export async function login(options: LoginOptions, ways: LoginWays, context: CommandContext): Promise<ExitCode> {
  const { capability, namespace } = await openForLogin(options, context);
  await capability.perform(async () => {
    const target = await loginTarget(capability, namespace);
    const byDevice = ways.device || target.grant === "device_code";
    const tokens = await (byDevice ? atDevice(target, context) : atBrowser(target, ways.port, context));
    const place = await capability.logins.write(target.key, tokens);
    context.stdout.write(printLines([`Logged in to ${namespace} (${target.origin}); the tokens are in ${place}`]));
    if (tokens.refreshToken === undefined)
      context.stderr.write(printLines(["note: there is no refresh token; the login ends when its token expires"]));
  });
  return exitCode.done;
}

/** Runs `naftiko logout <capability> [namespace]`. */
export async function logout(options: LoginOptions, context: CommandContext): Promise<ExitCode> {
  const { capability, namespace } = await openForLogin(options, context);
  await capability.perform(async () => {
    const { key, origin, client } = await loginTarget(capability, namespace);
    const tokens = await capability.logins.remove(key);
    const what = tokens === undefined ? "There was no login to" : "Logged out of";
    context.stdout.write(printLines([`${what} ${namespace} (${origin})`]));
    if (tokens !== undefined) await revoke(tokens, client, context);
  });
  return exitCode.done;
}

/** Asks the server to forget the tokens too. They are forgotten here whether it does or not. */
async function revoke(tokens: StoredTokens, client: LoginTarget["client"], { stderr }: CommandContext): Promise<void> {
  const still = "the authorization server takes the tokens until they expire";
  try {
    if (!(await client.revoke(tokens))) stderr.write(printLines([`note: ${still}`]));
  } catch (error) {
    if (!(error instanceof CapabilityError)) throw error;
    stderr.write(printLines([`warning: ${still}: ${error.message}`]));
  }
}

async function openForLogin(
  options: LoginOptions,
  context: CommandContext,
): Promise<{ capability: Runtime; namespace: string }> {
  const { capability: written, namespace } = options;
  const bindValues = readBindValues(options.envFiles, context);
  const open = {
    ...options.open,
    transport: createNodeHttpTransport(),
    impliedAuthentication: false,
    baseUri: readBaseUris(options.baseUris),
  };
  const capability = await openNamed(written, { config: undefined, open, bindValues }, context);
  const namespaces = loginNamespaces(capability);
  const [only] = namespaces;
  const chosen = namespace ?? (namespaces.length === 1 ? only : undefined);
  if (chosen !== undefined && namespaces.includes(chosen)) return { capability, namespace: chosen };
  if (only === undefined) {
    throw usageError(
      `Cannot log in to ${capability.name}: none of its APIs has authentication oauth2 with the grant authorization_code or device_code`,
    );
  }
  const found = namespace === undefined ? "" : `, not to ${JSON.stringify(namespace)}`;
  throw usageError(`${capability.name} has logins to ${namespaces.join(", ")}${found}: name one`);
}

async function atBrowser(
  { client, namespace }: LoginTarget,
  port: number,
  { stdout, env, signal }: CommandContext,
): Promise<StoredTokens> {
  const { loginByBrowser } = await import("../../engine/authentication/browser-login.ts");
  return loginByBrowser(client, {
    port,
    signal,
    timeoutMs: LONGEST_LOGIN_MS,
    onAddress(url) {
      const opened = stdout.isTTY === true && openBrowser(url, env);
      const what = opened ? "go to the browser, or open" : "open in a browser of this computer";
      stdout.write(printLines([`To log in to ${namespace}, ${what}`, "", `  ${url}`, ""]));
    },
  });
}

async function atDevice({ client, namespace }: LoginTarget, { stdout, signal }: CommandContext): Promise<StoredTokens> {
  const { loginByDevice } = await import("../../engine/authentication/device-login.ts");
  return loginByDevice(client, {
    pause: milliseconds => pause(milliseconds, undefined, { signal }),
    onInstructions({ userCode, verificationUri, completeUri }) {
      const lines = [
        `To log in to ${namespace}, open ${verificationUri} on any device and give the code`,
        "",
        `  ${userCode}`,
        "",
        ...(completeUri === undefined ? [] : [`or open ${completeUri}`, ""]),
      ];
      stdout.write(printLines(lines));
    },
  });
}
