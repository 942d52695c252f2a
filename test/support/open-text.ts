import { parse } from "yaml";
import { SecretMask } from "../../src/base/mask-secrets.ts";
import { openRuntime } from "../../src/engine/open.ts";
import type { OpenOptions } from "../../src/engine/open-options.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import type { Capability } from "../../src/library/capability.ts";
import { openCapability } from "../../src/library/open-capability.ts";

/**
 * Opens a capability from the text of its `consumes`, or from a whole document; the environment is empty unless one is
 * given.
 */
export function openText(text: string, options: OpenOptions = {}): Promise<Capability> {
  return openCapability(documentOf(text), { env: {}, ...options });
}

/** Opens a text as surfaces do. */
export function openTextRuntime(text: string, options: OpenOptions = {}): Promise<Runtime> {
  const surroundings = { cwd: process.cwd(), secrets: new SecretMask() };
  return openRuntime(documentOf(text), { env: {}, ...options }, surroundings);
}

/** Returns the document of a text that begins with `naftiko:`, or of a list of consumed adapters. */
export function documentOf(text: string): object {
  const value: unknown = parse(text);
  if (!Array.isArray(value)) return value as object;
  return {
    naftiko: "1.0.0-alpha3",
    binds: [{ namespace: "env", keys: { TOKEN: "TOKEN", USER: "USER_NAME", PASSWORD: "PASSWORD" } }],
    capability: { consumes: value },
  };
}

export interface OperationPlace {
  readonly method?: string;
  readonly path?: string;
  readonly baseUri?: string;
}

/** Returns one adapter with one operation, `op`, as `GET /`; `more` are further lines of the operation. */
export function operationText(
  more: string,
  { method = "GET", path = "/", baseUri = "https://api.test/v1" }: OperationPlace = {},
): string {
  return `
- type: http
  namespace: api
  baseUri: ${JSON.stringify(baseUri)}
  resources:
  - name: r
    path: ${JSON.stringify(path)}
    operations:
    - name: op
      method: ${method}
${more.trim().replace(/^/gm, "      ")}
`;
}
