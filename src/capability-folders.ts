import path from "node:path";

/** Folder of the capability files that come with the package. */
export function packageCapabilities(): string {
  return path.join(import.meta.dirname, "..", "capabilities");
}

/**
 * The folders a capability's name is looked up in: the given ones, those of `NAFTIKO_PATH` (separated as in `PATH`),
 * `./capabilities`, and the package's own.
 */
export function capabilityFolders(
  dirs: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const fromEnvironment = (env["NAFTIKO_PATH"] ?? "").split(path.delimiter).filter(dir => dir !== "");
  return [...dirs, ...fromEnvironment, "capabilities", packageCapabilities()];
}
