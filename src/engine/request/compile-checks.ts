import { isObject } from "../../base/json-object.ts";
import { pointerSegments } from "../../base/json-pointer.ts";
import { compileSchema } from "../../base/json-schema/compile-schema.ts";
import type { ValueProblem } from "../../base/json-schema/place.ts";
import { readNumber } from "../../base/numbers/exact-number.ts";
import { secretName } from "../../base/secret-name.ts";
import { thrownText } from "../../base/thrown-text.ts";
import { quoteValue } from "../../base/visible-text.ts";
import type { Input, Operation } from "../../language/model/types.ts";
import { isBinary } from "./binary-value.ts";
import { inputInvalid } from "./input-error.ts";
import { isSecretInput } from "./secret-input.ts";

/** Compiles the schemas of inputs. */
export async function compileChecks(
  operation: Pick<Operation, "name">,
  inputs: readonly Input[],
): Promise<Map<string, (value: unknown) => void>> {
  const checks = new Map<string, (value: unknown) => void>();
  for (const input of inputs) {
    const compiled = await Promise.all((input.schemas ?? []).map(compileSchema));
    const [only] = compiled;
    const problemsOf =
      compiled.length === 1 && only !== undefined ? only : (value: unknown) => compiled.flatMap(check => check(value));
    checks.set(input.key, value => {
      if (isUnchecked(input, value)) return;
      let problems: readonly ValueProblem[];
      try {
        problems = problemsOf(value);
        // Without a type a text from a shell may stand for a number or a boolean.
        if (problems.length > 0 && input.type === "any" && typeof value === "string" && input.in !== "body") {
          const scalar = scalarOf(value);
          if (scalar !== undefined && problemsOf(scalar).length === 0) return;
        }
      } catch (error) {
        throw inputInvalid(operation, input.key, `cannot be checked: ${thrownText(error)}`, error);
      }
      if (problems.length > 0) throw inputInvalid(operation, input.key, told(input, problems));
    });
  }
  return checks;
}

/** Tells whether a value is none that a schema describes: bytes, a body of another content type, `null` for a member. */
function isUnchecked({ in: location, type, schemas }: Input, value: unknown): boolean {
  if (isBinary(value)) return true;
  if (location !== "body") return false;
  const isOwn = schemas?.length === 1 && value === null;
  return isOwn || (typeof value === "string" && (type === "object" || type === "array"));
}

function scalarOf(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) ? readNumber(text, "exact") : undefined;
}

/** Writes problems as the end of a sentence that starts with the name of the input. Secrets are not shown. */
function told(input: Input, problems: readonly ValueProblem[]): string {
  const isSecret = isSecretInput(input);
  return problems
    .map(({ pointer, message, found }) => {
      const place = pointer === "" ? message : `${pointer} ${message}`;
      const isHidden = isSecret || pointerSegments(pointer).some(name => secretName(name) !== undefined);
      return isHidden || holdsMore(found) ? place : `${place}, found ${quoteValue(found)}`;
    })
    .join("; ");
}

/** Tells whether a value may hold secrets further down: the message names its place. */
function holdsMore(value: unknown): boolean {
  return Array.isArray(value) ? value.some(isObject) : isObject(value);
}
