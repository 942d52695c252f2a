import type { BindVariable } from "./declared-binds.ts";

/** Location of variables whose values are header fields of the request that a server answers. */
export const CALLER_LOCATION = "request:";

/** Tells whether the value of a variable is its caller's: a header field of the request that a server answers. */
export function isOfCaller({ location }: Pick<BindVariable, "location">): boolean {
  return location !== undefined && SCHEME.test(location);
}

const SCHEME = /^request:/i;

/** Returns why a header field cannot be the value of a variable, as the end of a sentence about it. */
export function callerFieldProblem(name: string): string | undefined {
  if (!TOKEN.test(name)) return "is no name of a header field";
  if (OF_SERVER.test(name)) return "is for the server itself, and is never passed on";
  return OF_CONNECTION.test(name) ? "is about the connection to the server" : undefined;
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
/** Credentials for the server, and fields of its protocol: a token for one server is not to reach another. */
const OF_SERVER = /^(?:authorization|cookie|host|proxy-.*|mcp-.*)$/i;
const OF_CONNECTION =
  /^(?:connection|content-.*|expect|keep-alive|te|trailer|transfer-encoding|upgrade|forwarded|x-forwarded-.*)$/i;
