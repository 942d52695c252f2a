/** Longest header of an answer in bytes. Node's default of 16 KiB is less than real APIs send in `link` and policies. */
export const MAX_HEADER_BYTES: number = 64 * 1024;

/** Answers with a status below 200 that may come before the final one. */
export const MAX_INFORMATIONAL = 100;
