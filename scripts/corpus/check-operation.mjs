import { compareRequest } from "./compare.mjs";
import { isCallersCredential } from "./credential.mjs";
import { expectRequest } from "./expectation.mjs";
import { sampleValue } from "./sample-values.mjs";

/** How many required inputs of an operation are left out in turn. */
const LEFT_OUT_AT_MOST = 3;

/**
 * Prepares one operation in every way the check knows and lists what is wrong.
 *
 * @param {object} operation of `readCapabilityFile`
 * @param {{ binds: object, capability: object, rebased?: object, replacementBaseUri: string,
 *   CapabilityError: Function }} context `rebased` is the same capability opened with a base URI, for the operations
 *   whose file gives none
 * @returns {Promise<{ part: string, expected: unknown, found: unknown }[]>}
 */
export async function checkOperation(operation, context) {
  const all = new Map(operation.inputs.map(input => [input, sampleValue(input)]));
  const [reference] = operation.references;
  if (reference === undefined) {
    const ambiguous = `${operation.method} ${operation.path}`;
    const outcome = await prepare(context.capability, ambiguous, all, context);
    return compareCode("ambiguous reference", "OPERATION_AMBIGUOUS", outcome);
  }

  const differences = [];
  const needsBaseUri = operation.baseUri === "";
  const expected = expectRequest(operation, context.binds, all, context.replacementBaseUri);
  if (needsBaseUri && expected.code === undefined) {
    const outcome = await prepare(context.capability, reference, all, context);
    differences.push(...compareCode("without a base URI", "BASE_URI_MISSING", outcome));
  }
  const capability = needsBaseUri ? context.rebased : context.capability;
  const check = async (way, inputs, by = reference) => {
    const wanted = expectRequest(operation, context.binds, inputs, context.replacementBaseUri);
    const found = compareOutcome(wanted, await prepare(capability, by, inputs, context));
    differences.push(...found.map(difference => ({ ...difference, part: `${difference.part} (${way})` })));
    return found.length === 0 && wanted.code === undefined;
  };
  for (const by of operation.references) await check(`all inputs, by "${by}"`, all, by);

  // Whether a declared credential answers for a required input is left open, so that input always goes with it.
  const isReplaceable = input => !input.isRequired && isCallersCredential(input, operation.credential);
  const withoutCredential = only(all, input => !isReplaceable(input));
  if (withoutCredential.size < all.size) await check("the file's own credential", withoutCredential);

  const required = only(all, input => input.isRequired);
  const isPreparable = await check("required inputs only", required);
  if (!isPreparable) return differences;
  const needed = [...required.keys()].filter(
    input => !input.mayBeMissed && !isCallersCredential(input, operation.credential),
  );
  for (const missing of needed.slice(0, LEFT_OUT_AT_MOST)) {
    const rest = only(required, input => input !== missing);
    differences.push(...compareMissing(missing, await prepare(capability, reference, rest, context)));
  }
  return differences;
}

function only(given, isKept) {
  return new Map([...given].filter(([input]) => isKept(input)));
}

/** @returns {Promise<{ request: object } | { error: Error, code: string | undefined }>} */
async function prepare(capability, reference, given, { CapabilityError }) {
  const inputs = Object.fromEntries([...given].map(([input, value]) => [input.key, value]));
  try {
    return { request: await capability.prepare(reference, inputs) };
  } catch (error) {
    return { error, code: error instanceof CapabilityError ? error.code : undefined };
  }
}

function compareOutcome(expected, outcome) {
  if (expected.code !== undefined) return compareCode("refusal", expected.code, outcome);
  if (outcome.error) return [{ part: "request", expected: "a request", found: describe(outcome) }];
  return compareRequest(expected, outcome.request);
}

function compareCode(part, code, outcome) {
  // Two things are missing, and either may be reported first.
  const isRight = outcome.code === code || (code === "INPUT_MISSING" && outcome.code === "BIND_MISSING");
  return isRight ? [] : [{ part, expected: code, found: describe(outcome) }];
}

function compareMissing(missing, outcome) {
  const isNamed = outcome.error?.message.includes(JSON.stringify(missing.name).slice(1, -1));
  if (outcome.code === "INPUT_MISSING" && isNamed) return [];
  return [
    {
      part: `without "${missing.key}"`,
      expected: `INPUT_MISSING naming "${missing.name}"`,
      found: describe(outcome),
    },
  ];
}

function describe({ request, error, code }) {
  return request ? `${request.method} ${request.url}` : `${code ?? error.name ?? "thrown"}: ${error.message ?? error}`;
}
