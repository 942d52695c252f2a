import { expect, test } from "vitest";
import { CapabilityError, type ErrorDetails } from "../../src/base/capability-error.ts";
import { refusalOf } from "../../src/serving/refusal-of.ts";

const UNTOLD = 'Step "a" failed: the server lacks something that this operation needs; its operator is told what';

test.each<[ErrorDetails["SCRIPT_FAILED"]["reason"], string, string]>([
  ["error", "script a.js, line 2: Error: no such order", 'Step "a" failed: script a.js, line 2: Error: no such order'],
  ["timeout", "script a.js: it did not end within 5 ms", 'Step "a" failed: script a.js: it did not end within 5 ms'],
  ["file", "the script cannot be read: /srv/a.js cannot be read", UNTOLD],
  ["disabled", "scripts are switched off", UNTOLD],
  ["language", 'scripts in "python" cannot be run here', UNTOLD],
])("a script that ends with %s tells its caller what the caller may know", (reason, problem, detail) => {
  const details = { step: "a", file: "a.js", reason };
  const error = new CapabilityError("SCRIPT_FAILED", { message: `Step "a": ${problem}`, details });
  expect(refusalOf(error, new Map()).problem).toEqual({
    ...{ type: "about:blank", title: "Bad Gateway", status: 502 },
    ...{ detail, code: "SCRIPT_FAILED", step: "a" },
  });
});
