/**
 * Request fields the transport writes itself; no caller may set them (language chapter 5.4). `expect` and `keep-alive`
 * would change how the transport talks to the server, too.
 */
const TRANSPORT_HEADERS =
  /^(?:host|content-length|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|proxy-.*)$/i;

/** Tells whether only the transport may write a header field. */
export function isTransportHeader(name: string): boolean {
  return TRANSPORT_HEADERS.test(name);
}
