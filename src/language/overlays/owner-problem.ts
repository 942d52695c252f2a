import type { Stats } from "node:fs";

const WRITABLE_BY_OTHERS = 0o002;

/**
 * Tells why a file may come from another user: it belongs neither to the user of this process nor to root, or all users
 * may write it. The owner of its folder does not count, as in git: who owns a folder chooses its content. A group may
 * write it, as with the umask 002. Windows tells no owner.
 *
 * @returns `undefined` if it is the user's own
 */
export function ownerProblem({ uid, mode }: Pick<Stats, "uid" | "mode">): string | undefined {
  const user = process.geteuid?.();
  if (user === undefined) return undefined;
  if (uid !== user && uid !== 0) return `it belongs to another user (${uid})`;
  return (mode & WRITABLE_BY_OTHERS) === 0 ? undefined : "all users may write it (chmod o-w changes that)";
}
