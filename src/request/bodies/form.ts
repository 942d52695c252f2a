/** Text as a name or value of a form (WHATWG URL, application/x-www-form-urlencoded). */
export function formEncode(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

/** An object as form pairs: arrays repeat the name, absent members are left out. */
export function formText(value: unknown): string {
  const pairs = new URLSearchParams();
  for (const [name, member] of Object.entries(value as Record<string, unknown>)) {
    for (const item of Array.isArray(member) ? member : [member]) {
      if (item === undefined || item === null) continue;
      pairs.append(name, typeof item === "object" ? JSON.stringify(item) : String(item));
    }
  }
  return pairs.toString();
}
