let isUnusual = false;

/**
 * Notes that this run does what few do, such as making an index. The launcher keeps no code cache of it: a cache is slower
 * to read, the more it holds that others do not use.
 */
export function noteUnusualRun(): void {
  isUnusual = true;
}

export function isUnusualRun(): boolean {
  return isUnusual;
}
