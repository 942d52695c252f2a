import { bodyForPeople, withPlaceholders } from "../pieces.ts";
import type { ShowForm } from "../show-form.ts";

/** Writes the request as people read it: request line, headers, body. */
export const text: ShowForm = ({ method, url, headers, body }) => {
  const lines = [
    `${method} ${withPlaceholders(url)}`,
    ...headers.map(([name, value]) => `${name}: ${withPlaceholders(value)}`),
  ];
  if (body !== undefined) lines.push("", bodyForPeople(body));
  return lines.join("\n");
};
