/** Version of this package; a test compares it with `package.json`. */
export const version = "0.1.0";

/** Sender that requests name. */
export const userAgent: string = `naftiko/${version}`;
