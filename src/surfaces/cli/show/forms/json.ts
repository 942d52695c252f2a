import { bodyForPeople, withPlaceholders } from "../pieces.ts";
import type { ShowForm } from "../show-form.ts";

/** Writes the request as one JSON object. */
export const json: ShowForm = ({ method, url, headers, body }) => {
  const value = {
    method,
    url: withPlaceholders(url),
    headers: Object.fromEntries(headers.map(([name, pieces]) => [name, withPlaceholders(pieces)])),
    body: body && bodyForPeople(body),
  };
  return JSON.stringify(value, undefined, 2);
};
