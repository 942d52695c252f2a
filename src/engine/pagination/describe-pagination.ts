import type { Pagination } from "../../language/overlays/pagination.ts";

/** Writes a pagination as a line of YAML, as in a configuration. */
export function describePagination(pagination: Pagination): string {
  return flow(pagination);
}

function flow(value: object): string {
  const members = Object.entries(value).map(([name, member]: [string, unknown]) =>
    typeof member === "object" && member !== null ? `${name}: ${flow(member)}` : `${name}: ${scalar(member)}`,
  );
  return `{ ${members.join(", ")} }`;
}

/** Writes a scalar, quoted if YAML would not read it as the same text. */
function scalar(value: unknown): string {
  const text = String(value);
  return typeof value !== "string" || /^[$A-Za-z][\w.$-]*$/.test(text) ? text : JSON.stringify(text);
}
