import { consumedAdapters } from "../../document/consumed.ts";
import { declaredBinds } from "../../document/declared-binds.ts";
import type { ConsumedInputParameter, ConsumesHttp } from "../../document/document-types.ts";
import type { Rule } from "../rule.ts";

/** Members of a credential that say where it goes. */
const PLAIN_MEMBERS: ReadonlySet<string> = new Set(["type", "key", "placement"]);

/**
 * A variable named without braces, which only works where a value is nothing else (language chapters 3, rule 6, and 4.1);
 * and a parameter of `in: environment`, which has a value only through a bind (chapter 5.3).
 */
export const bareBind: Rule = {
  name: "bare-bind",
  document(document, report) {
    const names = new Set(Array.from(declaredBinds(document), ({ name }) => name));
    const check = (text: unknown, pointer: string) => {
      if (typeof text !== "string") return;
      const name = text.replace(/^\$env\./, "");
      if (names.has(name))
        report("warning", pointer, `${text} is read as the variable ${name}: write {{${name}}}`);
    };
    for (const { adapter, pointer } of consumedAdapters(document)) {
      for (const [member, text] of Object.entries(adapter.authentication ?? {})) {
        if (!PLAIN_MEMBERS.has(member)) check(text, `${pointer}/authentication/${member}`);
      }
      for (const { parameter, pointer: place } of parametersOf(adapter, pointer)) {
        const { value, template } = parameter;
        if (value !== undefined) check(value, `${place}/value`);
        else check(template, `${place}/template`);
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

function* placed(
  parameters: readonly ConsumedInputParameter[] | undefined,
  pointer: string,
): Generator<Placed> {
  for (const [index, parameter] of (parameters ?? []).entries())
    yield { parameter, pointer: `${pointer}/inputParameters/${index}` };
}
