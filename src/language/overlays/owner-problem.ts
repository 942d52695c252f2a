import type { Stats } from "node:fs";

const WRITABLE_BY_OTHERS = 0o002;

/**
 * Why a file may be somebody else's words: it belongs neither to the user of this process nor to root, or everybody may
 * write it. The owner of its folder does not count, as in git: who owns a folder chooses what lies in it. A group may
 * write it, as it may where the umask is 002. Windows tells no owner.
 *
 * @returns `undefined` if it is the user's own
 */
export function ownerProblem({ uid, mode }: Pick<Stats, "uid" | "mode">): string | undefined {
  const user = process.geteuid?.();
  if (user === undefined) return undefined;
  if (uid !== user && uid !== 0) return `it belongs to another user (${uid})`;
  return (mode & WRITABLE_BY_OTHERS) === 0 ? undefined : "everybody may write it (chmod o-w changes that)";
}
