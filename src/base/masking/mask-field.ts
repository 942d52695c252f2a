/**
 * Masks the value of a header field or member, together with its name: a value that is too short to be known elsewhere
 * is known behind its name.
 */
export function maskField(name: string, value: string, mask: (text: string) => string): string {
  const before = `${name}: `;
  const masked = mask(before + value);
  return masked.startsWith(before) ? masked.slice(before.length) : mask(value);
}
