import { inspect } from "node:util";
import { SecretMask } from "../../src/base/mask-secrets.ts";
import { openRuntime } from "../../src/engine/open.ts";
import type { OpenOptions } from "../../src/engine/open-options.ts";
import type { Surroundings } from "../../src/engine/surroundings.ts";
import { Capability } from "../../src/library/capability.ts";
import { refuseMarked } from "./marked-secret.ts";

export interface AuthenticatedOptions extends Partial<Surroundings> {
  readonly authentication: object;
  readonly baseUri: string;
  /** Values of the variables that the declaration refers to. */
  readonly env?: Readonly<Record<string, string>>;
  readonly open?: OpenOptions;
}

/** Opens a capability of one API: `get` is `GET /data`, `put` is `POST /data` with a body. */
export async function openAuthenticated(options: AuthenticatedOptions): Promise<Capability> {
  const { authentication, baseUri, env = {}, open, ...surroundings } = options;
  return new Capability(
    await openRuntime(
      authenticatedDocument(authentication, baseUri, Object.keys(env)),
      { env, ...open },
      { cwd: process.cwd(), secrets: new SecretMask(), ...surroundings },
    ),
  );
}

export function authenticatedDocument(
  authentication: object,
  baseUri: string,
  variables: readonly string[] = [],
): object {
  const keys = Object.fromEntries(variables.map(name => [name, name]));
  return {
    naftiko: "1.0.0-alpha3",
    ...(variables.length === 0 ? {} : { binds: [{ namespace: "env", keys }] }),
    capability: {
      consumes: [
        {
          type: "http",
          namespace: "api",
          baseUri,
          authentication,
          resources: [
            {
              name: "data",
              path: "/data",
              operations: [
                {
                  name: "get",
                  method: "GET",
                  inputParameters: [{ name: "q", in: "query", type: "string" }],
                },
                {
                  name: "put",
                  method: "POST",
                  inputParameters: [
                    { name: "body", in: "body", type: "object" },
                    { name: "Authorization", in: "header", type: "string" },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
  };
}

/**
 * Returns the error of a call that fails. It must not tell a secret, in whatever form it is printed.
 *
 * @throws Error where the call succeeds, or tells a secret
 */
export async function failureOf(call: Promise<unknown>): Promise<Error> {
  let failure: unknown;
  try {
    await call;
  } catch (error) {
    failure = error;
  }
  if (!(failure instanceof Error)) throw new Error(`The call did not fail: ${String(failure)}`);
  // As a console shows it, with its causes, and as JSON.
  refuseMarked(inspect(failure, { depth: 20, showHidden: true }) + JSON.stringify(failure), "An error");
  return failure;
}
