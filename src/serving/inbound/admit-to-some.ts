import { Refusal } from "../refusal.ts";
import type { Caller, Guard, RequestHead } from "./guard.ts";
import { Challenge } from "./presented.ts";

/** A caller that is let in to some of what shares a port. */
interface AdmittedToSome<Guarded> extends Caller {
  /** Those that let the caller in, in the order in which they were asked, each with the caller as it knows it. */
  readonly admitted: readonly { readonly guarded: Guarded; readonly caller: Caller }[];
  /** Tells why the caller is not let in to the others. `undefined` if there are no others. */
  readonly refusal: Refusal | undefined;
}

/**
 * Asks the guard of each adapter that shares a port whether it lets a caller in: a caller need not know which of them has
 * the route.
 *
 * @throws Refusal if none does
 */
export async function admitToSome<Guarded extends { readonly guard: Guard }>(
  guarded: readonly Guarded[],
  request: RequestHead,
): Promise<AdmittedToSome<Guarded>> {
  const admitted: { readonly guarded: Guarded; readonly caller: Caller }[] = [];
  const refusals: Refusal[] = [];
  for (const each of guarded) {
    try {
      const caller = await each.guard.admit(request);
      admitted.push({ guarded: each, caller });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusals.push(error);
    }
  }
  const refusal = refusals.length === 0 ? undefined : together(refusals);
  if (admitted.length === 0 && refusal !== undefined) throw refusal;
  const [known] = admitted.filter(({ caller }) => caller.id !== undefined);
  return { id: known?.caller.id, tenant: known?.caller.tenant, admitted, refusal };
}

/** Makes one refusal of several. A client finds in it the challenges of all, and answers the one that it can. */
function together(refusals: readonly Refusal[]): Refusal {
  const first = refusals.reduce((most, next) => (weightOf(next) > weightOf(most) ? next : most));
  if (first.status !== 401 || refusals.length === 1) return first;
  const challenges = [first, ...refusals.filter(other => other !== first && other.status === 401)];
  const headers = {
    ...first.headers,
    "www-authenticate": challenges.flatMap(({ headers }) => headers["www-authenticate"] ?? []),
  };
  const { detail } = first.problem;
  return first instanceof Challenge ? new Challenge(detail, headers) : new Refusal(401, detail, headers);
}

/** Returns how much a refusal has to say: that callers cannot be checked, that something is wrong, that something lacks. */
function weightOf(refusal: Refusal): number {
  if (refusal.status >= 500) return 3;
  if (refusal.status === 403) return 2;
  return refusal instanceof Challenge ? 0 : 1;
}
