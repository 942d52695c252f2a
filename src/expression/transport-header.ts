/** Request fields the transport writes itself; no caller may set them (language chapter 5.4). */
const TRANSPORT_HEADERS = /^(?:host|content-length|connection|transfer-encoding|te|upgrade|proxy-.*)$/i;

/** Tells whether only the transport may write a header field. */
export function isTransportHeader(name: string): boolean {
  return TRANSPORT_HEADERS.test(name);
}
