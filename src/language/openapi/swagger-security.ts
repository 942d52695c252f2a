import { type JsonObject, member } from "../../base/json-object.ts";

/** The flows of Swagger 2.0 by their names in OpenAPI 3. */
const FLOWS: Readonly<Record<string, string>> = {
  accessCode: "authorizationCode",
  application: "clientCredentials",
  implicit: "implicit",
  password: "password",
};

/** Returns a security definition of Swagger 2.0 as a security scheme of OpenAPI 3. */
export function schemeOf(definition: JsonObject): JsonObject {
  const { type, flow, authorizationUrl, tokenUrl, scopes, ...others } = definition;
  if (type === "basic") return { ...others, type: "http", scheme: "basic" };
  if (type !== "oauth2") return definition;
  const name = (typeof flow === "string" ? member(FLOWS, flow) : undefined) ?? "implicit";
  const urls = Object.entries({ authorizationUrl, tokenUrl }).filter(([, url]) => url !== undefined);
  return { ...others, type, flows: { [name]: { ...Object.fromEntries(urls), scopes: scopes ?? {} } } };
}
