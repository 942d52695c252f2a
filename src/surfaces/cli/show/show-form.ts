import type { ShownRequest } from "./pieces.ts";

/**
 * One way to write a call: a row of the registry in `show-forms.ts`.
 *
 * @param now when it is written
 * @returns text without a line feed at its end
 * @throws CapabilityError `USAGE` for a request that cannot be written so
 */
export type ShowForm = (request: ShownRequest, now: Date) => string;
