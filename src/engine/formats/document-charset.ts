/** Returns the `encoding` of the XML declaration, which is ASCII in every charset that has one. */
export function xmlCharset(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 200)).toString("latin1");
  return /^<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1];
}

/** Returns the charset of a `meta` element in the first kilobyte (WHATWG HTML, 13.2.3.2). */
export function htmlCharset(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 1024)).toString("latin1");
  return /<meta\s[^>]{0,200}?charset\s*=\s*["']?([\w.:-]+)/i.exec(start)?.[1];
}

/** Returns the charset that a document of markup declares. Text of other kinds declares none. */
export function documentCharset(bytes: Uint8Array): string | undefined {
  return /^\s*</.test(Buffer.from(bytes.subarray(0, 100)).toString("latin1"))
    ? (xmlCharset(bytes) ?? htmlCharset(bytes))
    : undefined;
}
