/**
 * Loads a package with native code, which may be absent. Bundlers cannot take such a package in: they do not see the name.
 *
 * @throws Error if it is not installed, or not for this system
 */
export async function loadNativePackage(name: string): Promise<unknown> {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ name);
}
