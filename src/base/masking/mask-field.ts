/**
 * The value of a header field or a member, masked in sight of its name: a value that is too short to be known elsewhere
 * is known behind the name.
 */
export function maskField(name: string, value: string, mask: (text: string) => string): string {
  const before = `${name}: `;
  const masked = mask(before + value);
  return masked.startsWith(before) ? masked.slice(before.length) : mask(value);
}
