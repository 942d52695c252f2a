import { cutTemplate, parseTemplate, placeholderNames } from "./template.mjs";

const TRANSPORT_HEADERS = /^(?:host|content-length|connection|transfer-encoding|te|upgrade|proxy-.*)$/i;

/** The parameters in force, from the outermost level to the innermost: the same name in the same place is replaced. */
export function mergeParameters(levels) {
  const merged = new Map();
  for (const parameter of levels.flat()) {
    const name = String(parameter.name);
    const place = parameter.in === "header" ? name.toLowerCase() : name;
    const constant = parameter.value ?? parameter.template;
    merged.set(`${parameter.in}:${place}`, { ...parameter, name, constant });
  }
  return [...merged.values()].filter(
    ({ in: location, name }) => location !== "header" || !TRANSPORT_HEADERS.test(name),
  );
}

/**
 * What a caller gives to an operation: its parameters without a constant, and each placeholder of path and base URI
 * that neither a path parameter nor a bind fills. A placeholder of the base URI has no location of its own: any
 * parameter of its name fills it. `key` is how the input is written.
 */
export function listInputs({ parameters, path, baseUri }, binds) {
  const base = parseTemplate(baseUri);
  // A fragment only tells operations apart: nothing in it is sent.
  const inPath = placeholderNames(cutTemplate(parseTemplate(path), "#")[0]);
  const inBase = placeholderNames(base);

  const isDeclared = (name, isFitting) =>
    parameters.some(parameter => parameter.name === name && isFitting(parameter));
  const implied = [
    ...inPath.filter(name => !isDeclared(name, ({ in: location }) => location === "path")),
    ...inBase.filter(name => !inPath.includes(name) && !isDeclared(name, () => true)),
  ].filter(name => !binds.find(name));

  const declared = parameters.filter(
    ({ in: location, constant }) => location !== "environment" && constant === undefined,
  );
  const inputs = [...declared, ...implied.map(name => ({ name, in: "path", type: "string" }))].map(
    parameter => {
      const { name, in: location } = parameter;
      const inBaseUri = inBase.includes(name) && (location === "path" || !inPath.includes(name));
      return {
        name,
        in: location,
        type: String(parameter.type ?? "string"),
        untyped: parameter.type === undefined,
        isRequired: location === "path" || parameter.required === true || inBaseUri,
        // A path parameter whose path has no such placeholder is not sent, so its absence may well do no harm.
        mayBeMissed: location === "path" && !inBaseUri && !inPath.includes(name),
        inBaseUri,
        isPort: inBaseUri && followsColon(base, name),
      };
    },
  );
  return inputs.map(input => ({
    ...input,
    key: inputs.some(other => other !== input && other.name === input.name)
      ? `${input.in}:${input.name}`
      : input.name,
  }));
}

/** Whether a placeholder of the base URI stands where the port does. */
function followsColon(tokens, name) {
  return tokens.some(
    (token, index) =>
      token.name === name && typeof tokens[index - 1] === "string" && tokens[index - 1].endsWith(":"),
  );
}
