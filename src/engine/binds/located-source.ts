import type { BindVariable } from "../../language/document/declared-binds.ts";
import type { BindReader, BindSurroundings, LocatedVariable } from "./bind-reader.ts";
import type { BindSource } from "./bind-source.ts";

/** Every reader by the scheme of the location, loaded when a variable needs it. */
const readers: ReadonlyMap<string, () => Promise<BindReader>> = new Map([
  ["file", async () => (await import("./file/read-file-bind.ts")).readFileBind],
  ["vault", async () => (await import("./vault/read-vault-bind.ts")).readVaultBind],
  ["k8s", async () => (await import("./kubernetes/read-kubernetes-bind.ts")).readKubernetesBind],
  ["k8s-secret", async () => (await import("./kubernetes/read-kubernetes-bind.ts")).readKubernetesBind],
  ["exec", async () => (await import("./exec/read-exec-bind.ts")).readExecBind],
  ["github-secrets", async () => refuseGithubSecret],
]);

/** Looks variables with a `location` up where it says (language chapter 3). */
export function locatedSource(surroundings: BindSurroundings): BindSource {
  return {
    serves: ({ location }) => location !== undefined,
    describe: describeLocated,
    async lookup(variable, { signal }) {
      const { location } = variable;
      if (location === undefined) return undefined;
      const load = readers.get(schemeOf(location));
      if (load === undefined) throw new Error(unknownScheme(location));
      const read = await load();
      return read({ ...variable, location }, surroundings, signal);
    },
  };
}

/** Where a variable is looked up, for people. */
export function describeLocated({ location = "", key }: BindVariable): string {
  // What stands behind the program may be a credential.
  const program = /^exec:\s*(\S+)/i.exec(location)?.[1];
  return program === undefined ? `${key} in ${location}` : `${key} by the command ${program}`;
}

/** A location without a scheme is the path of a file. */
function schemeOf(location: string): string {
  return /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(location)?.[1]?.toLowerCase() ?? "file";
}

function unknownScheme(location: string): string {
  const known = [...readers.keys()].map(scheme => `${scheme}:`).join(", ");
  return `nothing reads ${schemeOf(location)}: locations, only ${known}; a program can bring a source of its own (bindSources)`;
}

async function refuseGithubSecret({ key }: LocatedVariable): Promise<never> {
  throw new Error(
    `a workflow cannot read its secrets back: pass it on as an environment variable (env: { ${key}: \${{ secrets.${key} }} }) and leave out the location of the bind`,
  );
}
