import type { ShownRequest } from "./pieces.ts";

/**
 * One way to write a call: a row of the registry in `show-forms.ts`.
 *
 * @param now the time of writing
 * @returns text without a line feed at its end
 * @throws CapabilityError `USAGE` for a request that the form cannot express
 */
export type ShowForm = (request: ShownRequest, now: Date) => string;
