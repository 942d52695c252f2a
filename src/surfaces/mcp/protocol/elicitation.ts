import { isJsonObject, type JsonObject, member } from "../../../base/json-object.ts";

/** Method by which a client asks the person behind it. */
export const ELICIT = "elicitation/create";

/**
 * Tells whether a client can ask its person to fill in a form, which is all that a confirmation needs. A client that says
 * nothing of the modes means forms.
 */
export function asksByForms(capabilities: unknown): boolean {
  const elicitation = isJsonObject(capabilities) ? member(capabilities, "elicitation") : undefined;
  return isJsonObject(elicitation) && (elicitation["form"] !== undefined || elicitation["url"] === undefined);
}

/** Returns the parameters of a question: a form without fields, which a person accepts or declines. */
export function confirmationForm(question: string): JsonObject {
  return { mode: "form", message: question, requestedSchema: { type: "object", properties: {} } };
}

/** Tells whether a person has accepted. Anything else is no. */
export function isAccepted(answer: unknown): boolean {
  return isJsonObject(answer) && answer["action"] === "accept";
}
