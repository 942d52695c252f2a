import { member } from "../../base/json-object.ts";
import type { BindVariable } from "../../language/document/declared-binds.ts";
import {
  isOfTenant,
  isTenantName,
  TENANT,
  tenantProblem,
  withTenant,
} from "../../language/document/tenant-location.ts";
import type { BindReader, BindSurroundings, LocatedVariable } from "./bind-reader.ts";
import type { BindSource } from "./bind-source.ts";
import { placeOf } from "./tenant-binds.ts";

/** A way to read variables at the locations of one scheme. */
interface LocationScheme {
  /** Loads the reader when a variable needs it. */
  load(): Promise<BindReader>;
  /** Returns the place where a variable is looked up, for people. `undefined`: at the location as it is written. */
  describe?(location: string, key: string): string | undefined;
}

type LocationSchemeName = "request" | "file" | "vault" | "k8s" | "k8s-secret" | "exec" | "github-secrets";

const loadKubernetes: LocationScheme["load"] = async () =>
  (await import("./kubernetes/read-kubernetes-bind.ts")).readKubernetesBind;

/** The ways to read a location, by scheme in lower case. */
const locationSchemes: Readonly<Record<LocationSchemeName, LocationScheme>> = {
  request: {
    load: async () => refuseUnserved,
    describe: (_location, key) => `header ${key.toLowerCase()} of the request`,
  },
  file: { load: async () => (await import("./file/read-file-bind.ts")).readFileBind },
  vault: { load: async () => (await import("./vault/read-vault-bind.ts")).readVaultBind },
  k8s: { load: loadKubernetes },
  "k8s-secret": { load: loadKubernetes },
  exec: {
    load: async () => (await import("./exec/read-exec-bind.ts")).readExecBind,
    describe(location, key) {
      // Its arguments may be credentials.
      const program = /^exec:\s*(\S+)/i.exec(location)?.[1];
      return program === undefined ? undefined : `${key} by the command ${program}`;
    },
  },
  "github-secrets": { load: async () => refuseGithubSecret },
};

/**
 * Creates a source of variables with a `location` (language chapter 3).
 *
 * @param taken places that belong to no tenant, though one may have such a name
 */
export function locatedSource(surroundings: BindSurroundings, taken: ReadonlySet<string> = NONE): BindSource {
  const { tenant } = surroundings;
  return {
    serves: ({ location }) => location !== undefined,
    describe: variable => describeLocated(tenant === undefined ? variable : filled(variable, tenant)),
    async lookup(variable, { signal }) {
      const { location: declared } = variable;
      if (declared === undefined) return undefined;
      const found = isOfTenant(variable) ? requireTenant(variable, tenant, taken) : variable;
      const { location = declared } = found;
      const scheme = member(locationSchemes, schemeOf(location));
      if (scheme === undefined) throw new Error(unknownScheme(location));
      const read = await scheme.load();
      return read({ ...found, location, declared }, surroundings, signal);
    },
  };
}

const NONE: ReadonlySet<string> = new Set();

/** Puts the tenant in its places. It was checked when its caller was let in: a name that leads elsewhere must not pass. */
function requireTenant(variable: BindVariable, tenant: string | undefined, taken: ReadonlySet<string>): BindVariable {
  if (tenant === undefined) throw new Error(`only calls of a tenant have a value where its location has ${TENANT}`);
  const problem = tenantProblem(variable);
  if (problem !== undefined) throw new Error(`the bind ${problem}`);
  if (!isTenantName(tenant)) throw new Error("the tenant has a name that cannot stand in a location");
  const found = filled(variable, tenant);
  const isTaken = taken.has(found.key === variable.key ? (found.location ?? "") : placeOf(found));
  if (isTaken) throw new Error(`${found.key} in ${found.location} is of another bind, which belongs to no tenant`);
  return found;
}

function filled({ key, location, ...variable }: BindVariable, tenant: string): BindVariable {
  const found = { ...variable, key: withTenant(key, tenant) };
  return location === undefined ? found : { ...found, location: withTenant(location, tenant) };
}

/** Returns the place where a variable is looked up, for people. */
export function describeLocated({ location = "", key }: BindVariable): string {
  return member(locationSchemes, schemeOf(location))?.describe?.(location, key) ?? `${key} in ${location}`;
}

/** Returns the scheme of a location. Without one it is the path of a file. */
function schemeOf(location: string): string {
  return /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(location)?.[1]?.toLowerCase() ?? "file";
}

function unknownScheme(location: string): string {
  const known = Object.keys(locationSchemes)
    .map(scheme => `${scheme}:`)
    .join(", ");
  return `nothing reads ${schemeOf(location)}: locations, only ${known}; a program can bring a source of its own (bindSources)`;
}

async function refuseUnserved(): Promise<never> {
  throw new Error("only calls that a server makes for a request over HTTP have one");
}

async function refuseGithubSecret({ key }: LocatedVariable): Promise<never> {
  throw new Error(
    `a workflow cannot read its secrets back: pass it on as an environment variable (env: { ${key}: \${{ secrets.${key} }} }) and leave out the location of the bind`,
  );
}
