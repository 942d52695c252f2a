import { parseTemplate, placeholderNames } from "./template.mjs";

const CREDENTIAL_HEADER = /(?:authorization|key|token|secret|password)$/i;
const SECRET_NAME = /(?:KEY|TOKEN|SECRET|PAT|PASSWORD)$/;

/**
 * Finds the credential that an adapter adds to each of its requests.
 *
 * @returns {{ in: "header" | "query", name: string, value: string | undefined, isImplied?: boolean } | undefined}
 *   `value` is `undefined` if the file names a variable that it does not declare
 */
export function findCredential(adapter, { adapters, binds }) {
  const { authentication } = adapter;
  if (!authentication) return findImpliedCredential(adapter, { adapters, binds });
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
      return { in: authentication.placement ?? "header", name: authentication.key, value: field("value") };
    default:
      // Digest answers a challenge: a request that was only prepared has nothing to show.
      return undefined;
  }
}

/** Tells whether a caller's input has the place of the credential: then the caller's value is sent. */
export function isCallersCredential(input, credential) {
  if (credential?.name === undefined || input.in !== credential.in) return false;
  return input.in === "header"
    ? input.name.toLowerCase() === credential.name.toLowerCase()
    : input.name === credential.name;
}

/** Finds the bearer token that a file means which binds one secret and never says where it goes. */
function findImpliedCredential(adapter, { adapters, binds }) {
  const secrets = binds.variables.filter(({ name }) => SECRET_NAME.test(name));
  if (secrets.length !== 1 || namedVariables(adapter, binds).length > 0 || hasCredentialOfItsOwn(adapter))
    return undefined;
  // One that another adapter uses has its place there.
  const [secret] = secrets;
  if (adapters.some(other => namedVariables(other, binds).includes(secret))) return undefined;
  return { ...authorization(secret.value, token => `Bearer ${token}`), isImplied: true };
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

/** Tells whether one of the parameters of an adapter is a constant of a credential's name: nothing is implied then. */
function hasCredentialOfItsOwn(node) {
  if (typeof node !== "object" || node === null) return false;
  if (node.in === "header" && CREDENTIAL_HEADER.test(node.name) && node.value !== undefined) return true;
  return Object.values(node).some(hasCredentialOfItsOwn);
}

/** Lists the variables that texts below `node` name: in braces, single ones in a path, or as the whole of a text. */
function namedVariables(node, binds, singleBraces = false) {
  if (typeof node === "string") {
    const names = placeholderNames(parseTemplate(node, { singleBraces }));
    if (binds.variables.some(({ name }) => name === node)) names.push(node);
    return names.map(name => binds.find(name)).filter(variable => variable !== undefined);
  }
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, child]) => namedVariables(child, binds, key === "path"));
}
