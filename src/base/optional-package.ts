/**
 * Loads a package that may be absent: one with native code, or one that a user installs beside. Bundlers cannot take such a
 * package in: they do not see the name.
 *
 * @throws Error if it is not installed, or not for this system
 */
export async function loadOptionalPackage(name: string): Promise<unknown> {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ name);
}
