import { consumedAdapters } from "../../document/consumed.ts";
import { declaredBinds } from "../../document/declared-binds.ts";
import type { ConsumedInputParameter, ConsumesHttp } from "../../document/document-types.ts";
import type { Rule } from "../rule.ts";

/**
 * Finds parameters of `in: environment` without a bind of their name, which alone gives them a value (language chapter
 * 5.3).
 */
export const environmentParameter: Rule = {
  name: "environment-parameter",
  kinds: ["warning"],
  explanation: "A parameter reads the environment by a name that no bind declares, so it has no value.",
  fix: "Declare the name in the keys of a bind.",
  document(document, report) {
    const names = new Set(Array.from(declaredBinds(document), ({ name }) => name));
    for (const { adapter, pointer } of consumedAdapters(document)) {
      for (const { parameter, pointer: place } of parametersOf(adapter, pointer)) {
        if (parameter.in !== "environment" || names.has(parameter.name)) continue;
        report(
          "warning",
          `${place}/name`,
          `No bind declares ${parameter.name}, so it has no value: the environment is read through binds alone`,
        );
      }
    }
  },
};

interface Placed {
  readonly parameter: ConsumedInputParameter;
  readonly pointer: string;
}

function* parametersOf(adapter: ConsumesHttp, pointer: string): Generator<Placed> {
  yield* placed(adapter.inputParameters, pointer);
  for (const [index, resource] of (adapter.resources ?? []).entries()) {
    const place = `${pointer}/resources/${index}`;
    yield* placed(resource.inputParameters, place);
    for (const [number, operation] of resource.operations.entries())
      yield* placed(operation.inputParameters, `${place}/operations/${number}`);
  }
}

function* placed(parameters: readonly ConsumedInputParameter[] | undefined, pointer: string): Generator<Placed> {
  for (const [index, parameter] of (parameters ?? []).entries())
    yield { parameter, pointer: `${pointer}/inputParameters/${index}` };
}
