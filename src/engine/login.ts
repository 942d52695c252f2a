import { CapabilityError } from "../base/capability-error.ts";
import { member } from "../base/json-object.ts";
import { shownBaseUri } from "../language/expression/base-uri.ts";
import type { Adapter } from "../language/model/types.ts";
import type { FieldValues } from "./authentication/authentication-kind.ts";
import { authentications } from "./authentication/authentications.ts";
import type { OAuth2Client } from "./authentication/oauth2-client.ts";
import { fieldValues } from "./request/place-credential.ts";
import { planAuthentication } from "./request/plan-request.ts";
import { renderBaseUri } from "./request/render-base-uri.ts";
import type { Runtime } from "./runtime.ts";

/** One adapter of a capability that people log in to. */
export interface LoginTarget {
  readonly namespace: string;
  /** The API that the tokens are for. */
  readonly origin: string;
  readonly grant: string;
  readonly client: OAuth2Client;
  /** Key of the tokens in the store. */
  readonly key: string;
}

/** Lists the namespaces of the adapters that people log in to. */
export function loginNamespaces({ model }: Runtime): string[] {
  return model.adapters.filter(needsLogin).map(({ namespace }) => namespace);
}

function needsLogin({ authentication }: Adapter): boolean {
  if (authentication === undefined) return false;
  return member(authentications, authentication.type)?.needsLogin?.(authentication) ?? false;
}

/**
 * Resolves the parts of a login. Sends nothing.
 *
 * @throws CapabilityError `BIND_MISSING`, `BASE_URI_MISSING`, `REQUEST_INVALID`
 */
export async function loginTarget(runtime: Runtime, namespace: string): Promise<LoginTarget> {
  const adapter = runtime.model.adapters.find(candidate => candidate.namespace === namespace);
  if (adapter?.authentication === undefined) throw new TypeError(`There is no login to "${namespace}"`);
  const operation = { name: "login", adapter, baseUriSources: new Map() };
  const plan = planAuthentication(adapter.authentication);
  if (!plan.ok) {
    throw new CapabilityError("REQUEST_INVALID", {
      message: `Cannot log in to "${namespace}": ${plan.reason}`,
      details: { operation: "login" },
      pointer: adapter.authentication.pointer,
    });
  }
  const { variables, undeclared, mayBeEmpty } = plan;
  const binds = await runtime.binds.resolve({ operation: "login", variables, undeclared, mayBeEmpty });
  const { baseUri } = adapter;
  if (baseUri.kind === "template" && adapter.baseUriInputs.length > 0) {
    throw new CapabilityError("REQUEST_INVALID", {
      message: `Cannot log in to "${namespace}": its base URI ${JSON.stringify(shownBaseUri(baseUri.text))} has placeholders`,
      details: { operation: "login" },
      remedies: [{ option: "baseUri", namespace }],
      pointer: `${adapter.pointer}/baseUri`,
    });
  }
  const scope = { inputs: new Map(), binds };
  const values: FieldValues = fieldValues(operation, plan, scope, runtime.secrets);
  const { origin } = new URL(renderBaseUri(operation, scope));
  const { OAuth2Client } = await import("./authentication/oauth2-client.ts");
  const { grantOf, loginKey } = await import("./authentication/oauth2-session.ts");
  const client = new OAuth2Client(values, runtime.session);
  return { namespace, origin, grant: grantOf(values), client, key: loginKey(values, origin) };
}
