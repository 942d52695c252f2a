/**
 * The `accept-encoding` of requests that have none of their own: what Node itself undoes. zstd is undone too, though more
 * slowly, and so not asked for.
 */
export const ACCEPTED_CODINGS = "gzip, deflate, br";
