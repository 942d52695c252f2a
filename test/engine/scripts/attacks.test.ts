import { describe, expect, test } from "vitest";
import type { ScriptingSettings } from "../../../src/language/model/exposed/types.ts";
import { runScript } from "../../support/run-script.ts";

/** A script that must end, and how. */
interface Attack {
  readonly script: string;
  readonly settings?: Partial<ScriptingSettings>;
  readonly ends: { readonly value: unknown } | { readonly reason: string; readonly message?: RegExp };
}

/** So that time ends a loop, and not the number of statements. */
const TIMED = { timeoutMs: 200, statementLimit: 1e12 };
const LONG = { timeoutMs: 20_000, statementLimit: 1e9 };

const attacks: Readonly<Record<string, Attack>> = {
  "an endless loop": { script: "for (;;) {}", ends: { reason: "statementLimit" } },
  "an endless loop, by time": {
    script: "for (;;) {}",
    settings: TIMED,
    ends: { reason: "timeout", message: /^Step "totals": script main.js: it did not end within 200 ms$/ },
  },
  "a loop that catches its end": {
    script: "try { for (;;) {} } catch { for (;;) {} }",
    ends: { reason: "statementLimit" },
  },
  "a loop that catches its end for ever": {
    script: "for (;;) { try { for (;;) {} } catch {} finally { continue } }",
    settings: TIMED,
    ends: { reason: "timeout" },
  },
  "an endless regular expression": {
    script: "result = /^(a+)+$/.test('a'.repeat(40) + 'b')",
    settings: TIMED,
    ends: { reason: "timeout" },
  },
  "a loop in native code that asks nobody": {
    script: "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)",
    settings: TIMED,
    ends: { reason: "timeout" },
  },
  "an endless generator that is spread": {
    script: "result = [...(function* () { for (;;) yield 1 })()]",
    settings: LONG,
    ends: { reason: "memory" },
  },
  "an array that grows": {
    script: "var a = []; for (;;) a.push(a.length)",
    settings: LONG,
    ends: { reason: "memory" },
  },
  "a text that doubles": {
    script: "var s = 'ab'; for (;;) s += s",
    settings: LONG,
    ends: { reason: "error", message: /string too long/ },
  },
  "a large buffer": { script: "new ArrayBuffer(1e9)", ends: { reason: "memory" } },
  "many typed arrays": {
    script: "var a = []; for (;;) a.push(new Uint8Array(1e6))",
    settings: LONG,
    ends: { reason: "memory" },
  },
  "memory that is caught": {
    script: "var a = []; for (;;) { try { for (;;) a.push(new Uint8Array(1e6)) } catch {} }",
    settings: LONG,
    ends: { reason: "memory" },
  },
  "endless recursion": { script: "(function f() { f() })()", settings: LONG, ends: { reason: "stack" } },
  "recursion through native code": {
    script: "var f = () => [1].map(f); f()",
    settings: LONG,
    ends: { reason: "stack" },
  },
  "recursion by a getter": {
    script: "var o = { get a() { return this.a } }; o.a",
    settings: LONG,
    ends: { reason: "stack" },
  },
  "a recursive regular expression": {
    script: "new RegExp('('.repeat(100000) + ')'.repeat(100000))",
    ends: { reason: "error", message: /too many captures/ },
  },
  "a deep source": { script: `result = ${"[".repeat(100_000)}${"]".repeat(100_000)}`, ends: { reason: "stack" } },
  "200,000 levels": {
    script: "var a = []; for (var i = 0; i < 200000; i++) a = [a]; result = a",
    settings: LONG,
    ends: { reason: "stack" },
  },
  "2,000 levels": {
    script: "var a = []; for (var i = 0; i < 2000; i++) a = [a]; result = a",
    ends: { reason: "result", message: /nests more than 1000 levels/ },
  },
  "a cycle": {
    script: "var a = {}; a.a = a; result = a",
    ends: { reason: "result", message: /its result has no JSON: TypeError: circular reference/ },
  },
  "a BigInt": { script: "result = 2n ** 64n", ends: { value: 18446744073709551616n } },
  "100 MB": { script: "result = 'x'.repeat(1e8)", ends: { reason: "memory" } },
  "20 MB": { script: "result = 'x'.repeat(2e7)", ends: { reason: "result" } },
  "a promise that never settles": { script: "result = new Promise(() => {})", ends: { reason: "pending" } },
  "a promise that is kept": { script: "result = Promise.resolve(5)", ends: { value: 5 } },
  "a promise that is rejected": {
    script: "result = Promise.reject(new Error('no'))",
    ends: { reason: "error", message: /rejected: Error: no/ },
  },
  "jobs without end": {
    script: "function f() { Promise.resolve().then(f) } f()",
    settings: TIMED,
    ends: { reason: "timeout" },
  },
  "a thenable that loops": { script: "result = { then() { for (;;) {} } }", ends: { value: {} } },
  "a getter that loops": { script: "result = { get a() { for (;;) {} } }", ends: { reason: "statementLimit" } },
  "a toJSON that loops": { script: "result = { toJSON() { for (;;) {} } }", ends: { reason: "statementLimit" } },
  "a Proxy whose traps loop": {
    script: "result = new Proxy({}, { ownKeys() { for (;;) {} } })",
    ends: { reason: "statementLimit" },
  },
  "a Proxy that has endless members": {
    script:
      "result = new Proxy({}, { get: (t, k) => k === 'toJSON' ? undefined : result, ownKeys: () => ['a'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) })",
    ends: { reason: "result", message: /circular/ },
  },
  "a result that is a getter": {
    script: "Object.defineProperty(globalThis, 'result', { get() { for (;;) {} } })",
    ends: { reason: "statementLimit" },
  },
  "a symbol": { script: "result = Symbol('x')", ends: { value: undefined } },
  "a function": { script: "result = () => 1", ends: { value: undefined } },
  "numbers that JSON lacks": { script: "result = [NaN, Infinity, -0]", ends: { value: [null, null, 0] } },
  "the constructor of Function": {
    script: "result = (function () {}).constructor('return typeof process + typeof require')()",
    ends: { value: "undefinedundefined" },
  },
  "the globals of a host": {
    script: `result = ["process", "require", "module", "fetch", "setTimeout", "setInterval", "console", "Buffer", "std", "os",
      "print", "WebAssembly", "XMLHttpRequest", "Worker", "java", "Java", "Polyglot", "load", "scriptArgs"]
      .filter(name => name in globalThis)`,
    ends: { value: [] },
  },
  "an import()": {
    script: "import('node:fs').then(fs => { result = 'in' }, error => { result = 'refused' })",
    ends: { value: "refused" },
  },
  "an import": { script: "import fs from 'node:fs'", ends: { reason: "error", message: /SyntaxError/ } },
  "a host class": {
    script: "// tries\nvar rt = java.lang.Runtime.getRuntime();",
    ends: { reason: "error", message: /^Step "totals": script main.js, line 2: ReferenceError: java is not defined$/ },
  },
  "JSON that is redefined": {
    script: "JSON.stringify = () => 'no'; JSON.parse = null; result = { a: 1 }",
    ends: { value: { a: 1 } },
  },
  "a JSON of its own": { script: "JSON = { stringify: () => '1' }; result = { a: 1 }", ends: { value: { a: 1 } } },
  "a toJSON for every object": {
    script: "Object.prototype.toJSON = function () { for (;;) {} }; result = {}",
    ends: { reason: "statementLimit" },
  },
  "a prototype that is polluted": {
    script: "Object.prototype.polluted = 1; result = { a: 1 }",
    ends: { value: { a: 1 } },
  },
  "__proto__ as a member": {
    script: 'result = JSON.parse(\'{"__proto__": {"a": 1}}\')',
    ends: { value: JSON.parse('{"__proto__": {"a": 1}}') },
  },
  "a text that is thrown": { script: "throw 'no'", ends: { reason: "error", message: /script main.js: it threw no$/ } },
  "null that is thrown": { script: "throw null", ends: { reason: "error", message: /it threw null$/ } },
  "undefined that is thrown": { script: "throw undefined", ends: { reason: "error" } },
  "an object without a text": { script: "throw Object.create(null)", ends: { reason: "error" } },
  "an error whose message loops": {
    script: "throw { get message() { for (;;) {} } }",
    ends: { reason: "statementLimit" },
  },
  "an error whose message throws": { script: "throw { get message() { throw 1 } }", ends: { reason: "error" } },
  "a symbol that is thrown": { script: "throw Symbol('x')", ends: { reason: "error" } },
  "a huge message": { script: "throw new Error('x'.repeat(1e6))", ends: { reason: "error", message: /^.{400,450}…$/ } },
  "control characters in a message": {
    script: "throw new Error('a\\u001b[31m\\u202e\\nb')",
    ends: { reason: "error", message: /a\\u001b\[31m\\u202e\\nb$/ },
  },
  "a stack of its own": {
    script: "var e = new Error('x'); e.stack = '(/etc/passwd:1)\\n'.repeat(1e5); throw e",
    ends: { reason: "error", message: /script main.js: Error: x$/ },
  },
  "a name of its own": {
    script: "var e = new Error('x'); e.name = { toString() { for (;;) {} } }; throw e",
    ends: { reason: "statementLimit" },
  },
  "the date and chance": { script: "result = Date.now() > 1e12 && Math.random() < 1", ends: { value: true } },
  "the debugger": { script: "debugger; result = 1", ends: { value: 1 } },
  "strict mode": { script: "rows = [1]; with ({ a: rows }) result = a", ends: { value: [1] } },
  "no result": { script: "var x = 1", ends: { value: undefined } },
  "a result that is declared": { script: "const result = 1", ends: { value: 1 } },
  "text that is not JavaScript": {
    script: "var a = 1;\nvar = 2",
    ends: { reason: "error", message: /script main.js, line 2: SyntaxError/ },
  },
  "shared memory that waits": {
    script: "Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0)",
    ends: { reason: "error", message: /Atomics is not defined/ },
  },
  "sorting for ever": {
    script: "result = Array.from({ length: 1e6 }, (_, i) => -i).sort((a, b) => a - b).length",
    ends: { reason: "statementLimit" },
  },
  "a text that is padded": {
    script: "'x'.padEnd(2 ** 30)",
    ends: { reason: "error", message: /invalid string length/ },
  },
  "JSON that is very deep": {
    script: "JSON.parse('['.repeat(1e6))",
    ends: { reason: "stack" },
  },
};

describe("a script", () => {
  test.each(Object.entries(attacks))("with %s", async (_, { script, settings, ends }) => {
    const outcome = await runScript(script, {}, settings).then(
      value => ({ value }),
      error => ({ reason: error.details?.reason ?? String(error), message: error.message }),
    );
    if ("value" in ends) expect(outcome).toEqual(ends);
    else expect(outcome).toEqual({ reason: ends.reason, message: expect.stringMatching(ends.message ?? "") });
  });
});
