import path from "node:path";
import { readSmallFile } from "../../../base/files/read-small-file.ts";
import type { BindReader, BindSurroundings, LocatedVariable } from "../bind-reader.ts";
import { findFile } from "../file/find-file.ts";
import { type SecretFields, SharedReads } from "../shared-reads.ts";
import { parseSecretLocation, readSecretOfApi, type SecretLocation } from "./secret-api.ts";

const secrets = new SharedReads<SecretFields>();

/**
 * Reads a variable from a secret of Kubernetes: from the folder in which it is mounted, or from the API with the service
 * account of the pod.
 */
export const readKubernetesBind: BindReader = async (variable, surroundings, signal) => {
  const location = parseSecretLocation(variable.location);
  const { key } = variable;
  // Keys are file names of a mounted secret. Kubernetes allows these characters only.
  if (!/^[-._a-zA-Z0-9]+$/.test(key) || /^\.\.?$/.test(key))
    throw new Error(`"${key}" cannot be a key of a Kubernetes secret`);
  if (location.kind === "folder") return readMounted(location.folder, variable, surroundings);
  const mounted = surroundings.env["KUBERNETES_SECRETS_DIR"];
  if (mounted) return readBelow(mounted, location, variable, surroundings);
  const { env } = surroundings;
  const about = ["KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT", "KUBERNETES_SERVICE_ACCOUNT_DIR"];
  return secrets.find(
    JSON.stringify([location, about.map(name => env[name])]),
    () => readSecretOfApi(location, env, signal),
    fields => {
      const value = fields.get(key);
      return typeof value === "string" ? value : undefined;
    },
    surroundings.maxAgeMs,
  );
};

/** Reads from a folder that the capability file names. The rules are those of any file. */
async function readMounted(folder: string, variable: LocatedVariable, surroundings: BindSurroundings): Promise<string> {
  const file = await findFile({ kind: "absolute", path: path.join(folder, variable.key) }, variable, surroundings);
  return withoutLineBreak(await readSmallFile(file));
}

/** Reads from a folder that the environment names, with a folder for each secret. Every secret in it may be read. */
async function readBelow(
  root: string,
  { namespace, name }: SecretLocation & { readonly kind: "secret" },
  variable: LocatedVariable,
  surroundings: BindSurroundings,
): Promise<string> {
  const folder = path.resolve(surroundings.cwd, root);
  const { directory: _, ...anywhere } = variable;
  const below = { ...surroundings, cwd: path.parse(folder).root, fileRoots: [folder] };
  const find = (...names: readonly string[]) =>
    findFile({ kind: "absolute", path: path.join(folder, ...names, variable.key) }, anywhere, below);
  if (namespace === undefined) return withoutLineBreak(await readSmallFile(await find(name)));
  const file = await find(namespace, name).catch(() => find(name));
  return withoutLineBreak(await readSmallFile(file));
}

/** Removes the line break that an editor or `echo` leaves behind a credential. */
function withoutLineBreak(text: string): string {
  return text.replace(/\r?\n$/, "");
}
