/**
 * The `accept-encoding` of requests without one of their own: the codings that Node itself undoes. zstd is undone too,
 * but more slowly, so requests do not ask for it.
 */
export const ACCEPTED_CODINGS = "gzip, deflate, br";
