import { parseTemplate, placeholderNames } from "./template.mjs";

const SECRET_NAME = /(?:KEY|TOKEN|SECRET|PAT|PASSWORD)$/;

/**
 * What an adapter adds to each of its requests to say who calls.
 *
 * @returns {{ in: "header" | "query", name: string, value: string | undefined } | undefined} `value` is `undefined`
 *   where the file names a variable that it does not declare
 */
export function findCredential(adapter, binds) {
  const { authentication } = adapter;
  if (!authentication) return findImpliedCredential(adapter, binds);
  const field = name => resolveField(authentication[name], binds);
  switch (authentication.type) {
    case "bearer":
      return authorization(field("token"), token => `Bearer ${token}`);
    case "basic": {
      const username = field("username");
      const password = field("password");
      const isKnown = username !== undefined && password !== undefined;
      return authorization(isKnown ? `${username}:${password}` : undefined, basic);
    }
    case "apikey":
      return { in: authentication.placement ?? "header", name: field("key"), value: field("value") };
    default:
      // Digest answers a challenge: a request that was only prepared has nothing to show.
      return undefined;
  }
}

/** Whether a caller's input stands where the credential would: then the caller's value is sent. */
export function isCallersCredential(input, credential) {
  if (credential?.name === undefined || input.in !== credential.in) return false;
  return input.in === "header"
    ? input.name.toLowerCase() === credential.name.toLowerCase()
    : input.name === credential.name;
}

/** A file that binds one secret and never says where it goes means a bearer token. */
function findImpliedCredential(adapter, binds) {
  const secrets = binds.names.filter(name => SECRET_NAME.test(name));
  if (secrets.length !== 1 || refersToBind(adapter, binds)) return undefined;
  return authorization(binds.find(secrets[0]).value, token => `Bearer ${token}`);
}

function authorization(value, write) {
  return { in: "header", name: "authorization", value: value === undefined ? undefined : write(value) };
}

function basic(userAndPassword) {
  return `Basic ${Buffer.from(userAndPassword, "utf8").toString("base64")}`;
}

/** Binds in `{{braces}}` or as the bare name, literal text otherwise; `undefined` for an undeclared variable. */
function resolveField(field, binds) {
  const text = String(field ?? "");
  const tokens = binds.find(text) ? [{ name: text }] : parseTemplate(text, { singleBraces: false });
  const values = tokens.map(token => (typeof token === "string" ? token : binds.find(token.name)?.value));
  return values.length === 0 || values.includes(undefined) ? undefined : values.join("");
}

/** Whether any text of the adapter names a declared variable, in braces or as the whole of a parameter's constant. */
function refersToBind(node, binds) {
  if (typeof node === "string") return placeholderNames(parseTemplate(node)).some(name => binds.find(name));
  if (typeof node !== "object" || node === null) return false;
  const isBareName = node.in !== undefined && typeof node.value === "string" && binds.find(node.value);
  return Boolean(isBareName) || Object.values(node).some(child => refersToBind(child, binds));
}
