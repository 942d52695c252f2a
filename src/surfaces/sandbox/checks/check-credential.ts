import type { Authentication } from "../../../language/model/types.ts";
import { ApiError } from "../api-error.ts";
import { headerText, type RequestHeaders } from "../messages.ts";

/**
 * Returns the refusal (401) of a request without the credential of its adapter, or `undefined`. Any well-formed credential
 * will do: the sandbox has no accounts. `digest` and other kinds are not checked.
 */
export function credentialProblem(
  authentication: Authentication | undefined,
  headers: RequestHeaders,
  query: URLSearchParams,
): ApiError | undefined {
  switch (authentication?.type) {
    case "bearer":
      return bearerProblem(headerText(headers, "authorization"));
    case "basic":
      return basicProblem(headerText(headers, "authorization"));
    case "apikey":
      return apiKeyProblem(authentication, headers, query);
    default:
      return undefined;
  }
}

/** Checks for a bearer token (RFC 6750, 2.1). Tokens with other characters are in use. */
function bearerProblem(authorization: string | undefined): ApiError | undefined {
  if (/^bearer +\S+$/i.test(authorization?.trim() ?? "")) return undefined;
  const found = authorization === undefined ? "is missing" : "holds none";
  return unauthorized(`A bearer token is expected in the header Authorization, which ${found}`, "Bearer");
}

/** Checks for a user name and a password in base64, with a colon between (RFC 7617). */
function basicProblem(authorization: string | undefined): ApiError | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization?.trim() ?? "")?.[1] ?? "";
  if (Buffer.from(encoded, "base64").includes(":")) return undefined;
  const found = authorization === undefined ? "is missing" : "holds none in base64";
  return unauthorized(`A user name and a password are expected in the header Authorization, which ${found}`, "Basic");
}

function apiKeyProblem(
  { key = "", placement = "header" }: Authentication,
  headers: RequestHeaders,
  query: URLSearchParams,
): ApiError | undefined {
  if (key === "" || (placement !== "header" && placement !== "query")) return undefined;
  const value = placement === "query" ? query.get(key) : headerText(headers, key.toLowerCase());
  if ((value ?? "").trim() !== "") return undefined;
  const place = placement === "query" ? "query parameter" : "header";
  return unauthorized(`An API key is expected in the ${place} ${JSON.stringify(key)}, which is missing or empty`);
}

/** Returns 401, with a challenge if the scheme has one (RFC 9110, 11.6.1). */
function unauthorized(message: string, scheme?: "Bearer" | "Basic"): ApiError {
  const challenge = scheme === undefined ? {} : { "www-authenticate": `${scheme} realm="sandbox"` };
  return new ApiError(401, "unauthorized", message, challenge);
}
