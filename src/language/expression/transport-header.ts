/**
 * Request fields that only the transport writes; callers may not set them (language chapter 5.4). `expect` and
 * `keep-alive` would also change how the transport talks to the server.
 */
const TRANSPORT_HEADERS =
  /^(?:host|content-length|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|proxy-.*)$/i;

/** Tells whether only the transport may write a header field. */
export function isTransportHeader(name: string): boolean {
  return TRANSPORT_HEADERS.test(name);
}
