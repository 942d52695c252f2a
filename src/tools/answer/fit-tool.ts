import { type JsonObject, objectOf } from "../../base/json-object.ts";
import type { CallerFields } from "../../engine/binds/caller-fields.ts";
import { problemAnswer } from "../problem-answer.ts";
import type { Tool, ToolAnswer } from "../tool.ts";
import { answerInputs, divideArguments, freeName, withAnswerInputs } from "./answer-inputs.ts";
import type { Answers } from "./answers.ts";
import { compileView, type View, ViewProblem } from "./view.ts";
import { isWhole, type WholeAnswer, type WholeTool } from "./whole-answer.ts";

/**
 * Makes a tool whose answers fit. It is made once for each tool that is listed.
 *
 * @param listed `listed`: `select`, `fields` and `cursor` are in the input schema. `hidden`: the schema stays as it is,
 *   and `cursor` alone is accepted
 */
export function fitTool(tool: WholeTool, answers: Answers, listed: "listed" | "hidden"): Tool {
  const inputs = answerInputs(tool.inputSchema, listed);
  const selectedName = freeName("selected", objectOf(tool.outputSchema?.properties));
  return {
    ...tool,
    inputSchema: withAnswerInputs(tool.inputSchema, inputs),
    outputSchema: listed === "listed" ? withSelected(tool.outputSchema, selectedName) : tool.outputSchema,
    async call(given, context) {
      const divided = divideArguments(given, inputs);
      let view: View;
      try {
        view = compileView(divided, inputs);
      } catch (error) {
        if (!(error instanceof ViewProblem)) throw error;
        return problemAnswer(`${error.message}; nothing was sent`);
      }
      const { caller, callerFields } = context;
      const request = { view, caller, callerFields, inputs, selectedName };
      if (divided.cursor !== undefined) return answers.continue(divided.cursor, request);
      const answer = await tool.call(divided.own, context);
      const shown = callerFields === undefined ? answer : withoutSecretsOf(callerFields, answer);
      return isWhole(shown) ? answers.fit(shown, request) : shown;
    },
  };
}

/** Masks the values of a caller in an answer, as those of the capability are. */
function withoutSecretsOf(caller: CallerFields, answer: WholeAnswer | ToolAnswer): WholeAnswer | ToolAnswer {
  if (!isWhole(answer)) return caller.value(answer);
  return {
    ...answer,
    value: caller.value(answer.value),
    lead: caller.value(answer.lead),
    notes: caller.value(answer.notes),
  };
}

/** Lets an output schema describe a selected part of the answer too. */
function withSelected(schema: JsonObject | undefined, name: string): JsonObject | undefined {
  if (schema === undefined) return undefined;
  const { required: _required, additionalProperties: _additional, ...others } = schema;
  return { ...others, properties: { ...objectOf(schema.properties), [name]: {} } };
}
