/**
 * Types of operations by the name or path that `openCapability` takes. Empty here: the file that `naftiko types` writes
 * adds to it.
 */
// biome-ignore lint/suspicious/noEmptyInterface: Programs add members, which a type alias cannot have.
export interface Capabilities {}
