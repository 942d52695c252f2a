import type { BindVariable } from "./declared-binds.ts";

/** Stands in the location of a bind, or in a key at a location, for the tenant whose call needs the value. */
export const TENANT = "{tenant}";

/** One segment of a path, whatever reads it: nothing in it is escaped, goes up, hides a file or ends a name. */
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,126}[A-Za-z0-9]$|^[A-Za-z0-9]$/;

/** Tells whether a text can name a tenant: it then is a segment of a path that leads nowhere else. */
export function isTenantName(text: string): boolean {
  return NAME.test(text);
}

/** Tells whether a variable has another value for each tenant. */
export function isOfTenant({ location, key }: Pick<BindVariable, "location" | "key">): boolean {
  return key.includes(TENANT) || location?.includes(TENANT) === true;
}

/** Puts a tenant in its places. */
export function withTenant(text: string, tenant: string): string {
  return text.replaceAll(TENANT, () => tenant);
}

/** Returns why a variable cannot have a value for each tenant, as the end of a sentence about its bind. */
export function tenantProblem({ location, key }: Pick<BindVariable, "location" | "key">): string | undefined {
  if (location === undefined)
    return key.includes(TENANT)
      ? `has ${TENANT} in a key of the environment, in which a tenant could name any variable: add a location`
      : undefined;
  if (/^request:/i.test(location) && isOfTenant({ location, key }))
    return `has ${TENANT}, and its value is the caller's own anyway`;
  if (/^[a-z0-9+.-]*\{tenant\}[^/]*:/i.test(location)) return `has ${TENANT} in the scheme of its location`;
  const isTwice = [key, ...location.split("/")].find(part => part.split(TENANT).length > 2);
  if (isTwice !== undefined) return `has ${TENANT} twice in ${JSON.stringify(isTwice)}`;
  return undefined;
}

/**
 * Finds two locations of which one tenant could reach what is another's by its name: `{tenant}.env` and `{tenant}.old.env`
 * are both a.old.env, of the tenants a.old and a.
 */
export function meetingPlaces<Variable extends Pick<BindVariable, "location" | "key">>(
  variables: readonly Variable[],
): readonly [one: Variable, other: Variable] | undefined {
  const places = [...new Map(variables.filter(isOfTenant).map(variable => [placeOf(variable), variable]))];
  for (const [index, [place, variable]] of places.entries()) {
    for (const [other, otherVariable] of places.slice(index + 1))
      if (canMeet(place, other)) return [variable, otherVariable];
  }
  return undefined;
}

/** Returns the place of a value. A key with a tenant tells places apart: others are fields of one secret. */
function placeOf({ location = "", key }: Pick<BindVariable, "location" | "key">): string {
  return key.includes(TENANT) ? `${location}/${key}` : location;
}

/** Tells whether two different places are one for some tenants. */
function canMeet(one: string, other: string): boolean {
  const [parts, others] = [one.split("/"), other.split("/")];
  return parts.length === others.length && parts.every((part, index) => partsMeet(part, others[index] ?? ""));
}

function partsMeet(one: string, other: string): boolean {
  if (one === other) return true;
  const [before = "", after] = one.split(TENANT);
  const [otherBefore = "", otherAfter] = other.split(TENANT);
  if (after === undefined) return otherAfter !== undefined && fits(one, otherBefore, otherAfter);
  if (otherAfter === undefined) return fits(other, before, after);
  return (
    (before.startsWith(otherBefore) || otherBefore.startsWith(before)) &&
    (after.endsWith(otherAfter) || otherAfter.endsWith(after))
  );
}

/** Tells whether a part is what another becomes with some tenant. */
function fits(part: string, before: string, after: string): boolean {
  if (part.length <= before.length + after.length || !part.startsWith(before) || !part.endsWith(after)) return false;
  return isTenantName(part.slice(before.length, part.length - after.length));
}
