/** Bytes with the secrets in them replaced, read as Latin-1, which keeps each byte; the same where there are none. */
export function maskBytes(bytes: Uint8Array, mask: (text: string) => string): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const masked = mask(text);
  return masked === text ? bytes : Buffer.from(masked, "latin1");
}
