import { didYouMean, suggest } from "../../../base/did-you-mean.ts";
import { parseDuration } from "../../../base/duration.ts";
import { isJsonObject } from "../../../base/json-object.ts";
import { pointerSegment } from "../../../base/json-pointer.ts";
import type { Step } from "../../document/document-types.ts";
import { parseJsonPathFilter } from "../../expression/json-path.ts";
import { kindOf } from "../document-path.ts";
import type { ExposedRule } from "../exposed-rule.ts";
import type { ReportFinding } from "../rule.ts";
import { firstMembers, itemName } from "../step-names.ts";

/** Finds extensions of steps that say nothing that can be done. */
export const stepExtension: ExposedRule = {
  name: "step-extension",
  kinds: ["error", "warning"],
  explanation:
    "An extension of a step, such as x-forEach or x-timeout, has a value that it cannot have, or is misspelt.",
  fix: "Write it in the form that the message names.",
  check({ units }, report) {
    for (const { title, declaration, pointer } of units) {
      for (const [index, step] of (declaration.steps ?? []).entries())
        checkStep(step, `${title}, step "${step.name}"`, `${pointer}/steps/${index}`, report);
    }
  },
};

const EXTENSIONS = ["x-if", "x-forEach", "x-retry", "x-timeout", "x-continueOnError"];

function checkStep(step: Step, title: string, pointer: string, report: ReportFinding): void {
  const { "x-if": condition, "x-forEach": loop, "x-retry": retry, "x-timeout": timeout } = step;
  for (const key of Object.keys(step)) {
    if (!key.startsWith("x-") || EXTENSIONS.includes(key)) continue;
    const hint = didYouMean(suggest(key, EXTENSIONS));
    if (hint !== "") report("warning", `${pointer}/${pointerSegment(key)}`, `${title}: "${key}" is ignored${hint}`);
  }
  const refuse = (key: string, written: unknown, wanted: string) =>
    report("error", `${pointer}/${key}`, `${title}: "${key.split("/").at(-1)}" is ${kindOf(written)}: write ${wanted}`);
  if (typeof condition === "string") {
    const parsed = parseJsonPathFilter(condition);
    if (!parsed.ok)
      report(
        "error",
        `${pointer}/x-if`,
        `${title} has the malformed condition ${JSON.stringify(condition)}: ${parsed.reason}`,
      );
    else if (firstMembers(parsed.filter).includes(itemName(step) ?? "")) {
      const problem = `"x-if" asks for the item of "x-forEach", before which it is decided: choose items by a filter in its path`;
      report("error", `${pointer}/x-if`, `${title}: ${problem}`);
    }
  }
  if (loop !== undefined && loop !== null) {
    const { items = loop, as, concurrency, maximum } = isJsonObject(loop) ? loop : { items: loop };
    if (isJsonObject(loop) && items === loop) refuse("x-forEach", loop, "the items, or a map with items");
    else if (typeof items !== "string" && !Array.isArray(items)) refuse("x-forEach/items", items, "a path or a list");
    if (as !== undefined && (typeof as !== "string" || !/^[\p{L}\p{N}_$@~-]+$/u.test(as)))
      refuse("x-forEach/as", as, "a name");
    if (concurrency !== undefined && !isCount(concurrency, 100))
      refuse("x-forEach/concurrency", concurrency, "1 to 100");
    if (maximum !== undefined && !isCount(maximum, 100_000)) refuse("x-forEach/maximum", maximum, "1 to 100000");
  }
  if (retry !== undefined && retry !== null) {
    const { attempts = undefined, delay = undefined } = isJsonObject(retry) ? retry : { attempts: retry };
    if (attempts !== undefined && attempts !== retry && !isCount(attempts, 10))
      refuse("x-retry/attempts", attempts, "1 to 10");
    else if (!isCount(attempts, 10))
      refuse("x-retry", retry, "the number of attempts, 1 to 10, or a map with attempts");
    if (delay !== undefined && msOf(delay) === undefined)
      refuse("x-retry/delay", delay, "milliseconds, or a time such as 2s");
  }
  if (timeout !== undefined && timeout !== null) {
    const ms = msOf(timeout);
    if (ms === undefined || ms < 1) refuse("x-timeout", timeout, "milliseconds, or a time such as 5s");
  }
}

function isCount(value: unknown, most: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most;
}

function msOf(value: unknown): number | undefined {
  if (typeof value === "string") return parseDuration(value);
  return typeof value === "number" && value >= 0 && value <= 86_400_000 ? value : undefined;
}
