import { BODY_TYPES } from "./expected-body.mjs";
import { isFixed, resolveReference } from "./scope.mjs";
import { cutTemplate, parseTemplate, placeholderNames } from "./template.mjs";

/** Headers that only the transport may write. A content length may be given, and is not sent. */
const TRANSPORT_HEADERS = /^(?:host|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|proxy-.*)$/i;
const TYPES = ["string", "number", "integer", "boolean", "array", "object"];

/**
 * Merges parameters from the outermost level to the innermost: the same name in the same place is replaced.
 *
 * @param {object[][]} levels
 * @param {string} path has the place of a parameter that names none
 */
export function mergeParameters(levels, path) {
  const merged = new Map();
  for (const parameter of levels.flat()) {
    const name = String(parameter.name);
    const location = String(parameter.in ?? (path.includes(`{${name}}`) ? "path" : "query")).toLowerCase();
    const constant = parameter.value ?? parameter.template ?? undefined;
    const identity = `${location}:${location === "header" ? name.toLowerCase() : name}`;
    const isRequired = /^(?:true|yes|on)$/i.test(String(parameter.required));
    const read = { ...parameter, name, in: location, type: readType(parameter.type), isRequired, constant };
    merged.set(identity, read);
  }
  return [...merged.values()].filter(
    parameter =>
      parameter.in !== "header" ||
      !(TRANSPORT_HEADERS.test(parameter.name) || (isContentLength(parameter) && !isInput(parameter))),
  );
}

/** Returns the first type that the language has, or `undefined`: then the value may be of any type. */
function readType(written) {
  const types = [written].flat().map(type => String(type).toLowerCase());
  return types.find(type => TYPES.includes(type));
}

/**
 * Lists the inputs that a caller gives to an operation: its parameters without a constant, each placeholder of path and
 * base URI that neither a path parameter nor a bind fills, and the names of templates alone. A placeholder of the base
 * URI has no location of its own: any parameter of its name fills it. `key` is how the input is written.
 */
export function listInputs({ definition, parameters, path, baseUri }, binds) {
  const base = parseTemplate(baseUri);
  // A fragment only tells operations apart: nothing in it is sent.
  const [sent] = cutTemplate(parseTemplate(path), "#");
  const [pathTokens, queryTokens = []] = cutTemplate(sent, "?");
  const inPath = placeholderNames(pathTokens);
  const inQuery = placeholderNames(queryTokens);
  const inBase = placeholderNames(base);

  const isDeclared = (name, isFitting) => parameters.some(parameter => parameter.name === name && isFitting(parameter));
  const isInPath = ({ in: location }) => location === "path";
  const implied = new Set([
    ...inPath.filter(name => !isDeclared(name, isInPath)),
    ...inQuery.filter(name => !isDeclared(name, ({ in: location }) => /^(?:path|query)$/.test(location))),
  ]);
  for (const name of inBase) {
    if (!isDeclared(name, parameter => isInPath(parameter) || isInput(parameter))) implied.add(name);
  }
  const declared = parameters.filter(isInput);
  const known = [
    ...declared,
    ...[...implied].filter(name => !binds.find(name)).map(name => ({ name, in: "path", type: "string" })),
  ];
  const contentType = parameters.find(
    ({ in: location, name }) => location === "header" && name.toLowerCase() === "content-type",
  )?.constant;

  const inputs = [...known, ...templateInputs({ definition, parameters }, known, binds)].map(parameter => {
    const { name, in: location } = parameter;
    const fillsBase = known.find(other => other.name === name && isInPath(other)) ?? parameter;
    const inBaseUri = inBase.includes(name) && fillsBase === parameter && !binds.find(name);
    return {
      name,
      in: location,
      type: parameter.type ?? "string",
      untyped: parameter.type === undefined,
      members: parameter.members,
      isRequired: !isContentLength(parameter) && (location === "path" || parameter.isRequired === true || inBaseUri),
      // A path parameter whose path has no such placeholder is not sent, so its absence may well do no harm.
      mayBeMissed: location === "path" && !inBaseUri && !inPath.includes(name) && !inQuery.includes(name),
      isOfOtherType:
        /^[\w.+-]+\/[\w.+-]/.test(contentType ?? "") && !/[/+]json\b|\bx-www-form-urlencoded\b/i.test(contentType),
      inBaseUri,
      isPort: inBaseUri && followsColon(base, name),
      isScheme: inBaseUri && base[0]?.name === name && String(base[1]).startsWith("://"),
    };
  });
  return inputs.map(input => ({
    ...input,
    key:
      input.in !== "template" && inputs.some(other => other !== input && sharesKey(input, other))
        ? `${input.in}:${input.name}`
        : input.name,
  }));
}

/** Tells whether two inputs have one name, or one has the name that the other is written as. */
function sharesKey({ name }, other) {
  return other.name === name || `${other.in}:${other.name}` === name;
}

export function isContentLength({ in: location, name }) {
  return location === "header" && name.toLowerCase() === "content-length";
}

function isInput(parameter) {
  return !isFixed(parameter);
}

/** Lists the names in templates of constants and of the body that have no other value. */
function templateInputs({ definition, parameters }, known, binds) {
  const constants = parameters.filter(({ in: location }) => location !== "environment");
  const texts = [...constants.map(({ constant }) => constant), bodyTexts(definition.body)].flat();
  const found = new Map();
  for (const text of texts) {
    if (typeof text !== "string") continue;
    for (const written of placeholderNames(parseTemplate(text, { singleBraces: false }))) {
      if (parameters.some(parameter => parameter.name === written && isFixed(parameter))) continue;
      const { name, members } = resolveReference(written, known);
      if (binds.find(written) || known.some(input => input.name === name)) continue;
      const input = found.get(name) ?? { name, in: "template", members: [] };
      if (members.length > 0) input.members.push(members);
      found.set(name, input);
    }
  }
  return [...found.values()];
}

function bodyTexts(body) {
  if (typeof body === "string") return [body];
  if (typeof body !== "object" || body === null) return [];
  const { type, data } = body;
  return BODY_TYPES.has(String(type)) ? textsBelow(data) : [];
}

function textsBelow(node) {
  if (typeof node === "string") return [node];
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([name, child]) => [name, ...textsBelow(child)]);
}

/** Tells whether a placeholder of the base URI stands for the port. */
function followsColon(tokens, name) {
  return tokens.some(
    (token, index) => token.name === name && typeof tokens[index - 1] === "string" && tokens[index - 1].endsWith(":"),
  );
}
