import type { Pagination } from "../../language/overlays/pagination.ts";

/** A pagination as a line of YAML, in the form in which a configuration describes it. */
export function describePagination(pagination: Pagination): string {
  return flow(pagination);
}

function flow(value: object): string {
  const members = Object.entries(value).map(([name, member]: [string, unknown]) =>
    typeof member === "object" && member !== null ? `${name}: ${flow(member)}` : `${name}: ${scalar(member)}`,
  );
  return `{ ${members.join(", ")} }`;
}

/** What YAML would read as something else than the text is quoted. */
function scalar(value: unknown): string {
  const text = String(value);
  return typeof value !== "string" || /^[$A-Za-z][\w.$-]*$/.test(text) ? text : JSON.stringify(text);
}
