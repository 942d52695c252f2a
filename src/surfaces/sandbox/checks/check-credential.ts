import type { Authentication } from "../../../language/model/types.ts";
import { ApiError } from "../api-error.ts";
import { headerText, type RequestHeaders } from "../messages.ts";

/**
 * The refusal, 401, of a request that does not carry the credential of its adapter. Any well-formed one will do: the
 * sandbox knows no accounts. `digest`, and kinds it does not know, are not checked.
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

/** RFC 6750, 2.1; tokens of other characters are in use. */
function bearerProblem(authorization: string | undefined): ApiError | undefined {
  if (/^bearer +\S+$/i.test(authorization?.trim() ?? "")) return undefined;
  const found = authorization === undefined ? "is missing" : "holds none";
  return unauthorized(`A bearer token is expected in the header Authorization, which ${found}`, "Bearer");
}

/** RFC 7617: a user name and a password, with a colon between them, in base64. */
function basicProblem(authorization: string | undefined): ApiError | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization?.trim() ?? "")?.[1] ?? "";
  if (Buffer.from(encoded, "base64").includes(":")) return undefined;
  const found = authorization === undefined ? "is missing" : "holds none in base64";
  return unauthorized(
    `A user name and a password are expected in the header Authorization, which ${found}`,
    "Basic",
  );
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
  return unauthorized(
    `An API key is expected in the ${place} ${JSON.stringify(key)}, which is missing or empty`,
  );
}

/** A challenge belongs to every 401 of a scheme that has one (RFC 9110, 11.6.1). */
function unauthorized(message: string, scheme?: "Bearer" | "Basic"): ApiError {
  const challenge = scheme === undefined ? {} : { "www-authenticate": `${scheme} realm="sandbox"` };
  return new ApiError(401, "unauthorized", message, challenge);
}
