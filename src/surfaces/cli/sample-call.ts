import { quoteArgument } from "../../base/quote-argument.ts";
import { namesItemInBody } from "../sandbox/routing/action-words.ts";
import { writeInput } from "./input-usage.ts";

/** An operation as a call of it is made up. */
interface SampledOperation {
  readonly reference: string;
  readonly method: string;
  readonly path: string;
  readonly inputs: readonly SampledInput[];
}

interface SampledInput {
  readonly name: string;
  readonly in: string;
  readonly type: string;
  readonly required: boolean;
  /** One of the values that it may have, if they are listed. */
  readonly choice: string | undefined;
}

/** Returns a command line that works, with made-up values for the required inputs. */
export function sampleCall(capability: string, operation: SampledOperation): string {
  const given = operation.inputs
    .filter(({ required }) => required)
    .map(input => writeInput(input.name, sampleText(input, operation)));
  return ["naftiko run", quoteArgument(capability), quoteArgument(operation.reference), ...given].join(" ");
}

function sampleText({ name, type, in: location, choice }: SampledInput, operation: SampledOperation): string {
  if (choice !== undefined) return choice;
  if (type === "object" || (location === "body" && name === "body" && type !== "string"))
    return namesItemInBody(operation) ? '{"id":"example"}' : '{"name":"example"}';
  if (type === "array") return '["a","b"]';
  if (type === "number" || type === "integer") return "1";
  if (type === "boolean") return "true";
  return "example";
}
