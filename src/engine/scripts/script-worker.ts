import { parentPort } from "node:worker_threads";
import { EvalFlags, JSException, type JSValueHandle, QuickJS } from "quickjs-wasi";
import { bytes } from "quickjs-wasi/quickjs.wasm";

// Runs in a thread of its own: one script after another, each in a new virtual machine. The only things that go in and
// come out are texts.

/** A script to run, with what runs before it. */
export interface ScriptTask {
  /** In order: dependencies, then the script. Names are for messages. */
  readonly sources: readonly ScriptSource[];
  /** `context` as JSON. */
  readonly context: string;
  /** Whether `context` has integers that a double cannot hold. */
  readonly hasLargeNumbers: boolean;
  readonly limits: ScriptLimits;
}

export interface ScriptSource {
  readonly name: string;
  readonly text: string;
}

interface ScriptLimits {
  readonly timeoutMs: number;
  readonly statementLimit: number;
}

/** Why a script has no result. `error`: it threw, or its text is not JavaScript. */
export type ScriptFault = "error" | "memory" | "pending" | "result" | "stack" | "statementLimit" | "timeout";

export type ScriptReply =
  /** The result as JSON. `undefined`: the script did not give one. */
  | { readonly kind: "result"; readonly text: string | undefined }
  /** `place`: the source and line of the error, if they are known. */
  | {
      readonly kind: "fault";
      readonly fault: ScriptFault;
      readonly message: string;
      readonly place: string | undefined;
    };

/** Memory of the objects and texts of a script, in bytes. */
const MEMORY_BYTES = 64 * 1024 * 1024;
/** Most characters of a result as JSON. */
const MAX_RESULT_CHARACTERS = 16 * 1024 * 1024;
const STACK_BYTES = 256 * 1024;
const MEMORY_ERROR = /out of memory|wasm_malloc failed/i;
const STACK_ERROR = /maximum call stack|stack overflow/i;
/** Text of a value that cannot be made a text, as the package has it. */
const NO_TEXT = "<null>";
/** State of a promise that is neither kept nor rejected. */
const PENDING = 0;
const LONGEST_MESSAGE = 400;
/**
 * Statements that one call of the interrupt handler stands for. QuickJS counts to 10,000 jumps and calls of functions
 * before it asks; a round of a loop has two jumps.
 */
const STATEMENTS_PER_INTERRUPT = 5_000;
/** Most scripts whose compiled form is kept, and longest text of one. */
const MOST_COMPILED = 200;

/**
 * Runs before the script, whose own changes of `JSON` and prototypes therefore change nothing here. Integers that a
 * double cannot hold are of type `bigint` in the script, and JSON has their digits.
 */
const PRELUDE = `(function () {
  "use strict";
  var parse = JSON.parse, stringify = JSON.stringify, rawJSON = JSON.rawJSON, digits = BigInt.prototype.toString;
  var apply = Reflect.apply, isSafe = Number.isSafeInteger, toBigInt = BigInt, isInteger = /^-?\\d+$/;
  Object.defineProperty(BigInt.prototype, "toJSON", { configurable: true, writable: true, value: function toJSON() {
    return rawJSON(apply(digits, this, []));
  } });
  function exact(key, value, context) {
    if (typeof value !== "number" || isSafe(value) || !isInteger.test(context.source)) return value;
    return toBigInt(context.source);
  }
  return {
    setContext: function (text, hasLargeNumbers) {
      globalThis.context = hasLargeNumbers ? parse(text, exact) : parse(text);
    },
    stringify: function (value) { return stringify(value); },
  };
})()`;
/** Reads the result also where it is declared by \`let\` or \`const\`, which makes no member of the global object. */
const READ_RESULT = 'typeof result === "undefined" ? undefined : result';

const module = new WebAssembly.Module(bytes);
/** Bytecode by the text that it was compiled from. The names of the files are a part of it. */
const compiled = new Map<string, Uint8Array>();

/** A virtual machine that has run nothing yet. */
interface Machine {
  readonly vm: QuickJS;
  readonly watch: Watch;
}

/** Ends a script that takes too long. It is asked by the virtual machine, and by nothing that a script can reach. */
class Watch {
  fault: "statementLimit" | "timeout" | undefined;
  #left = Number.POSITIVE_INFINITY;
  #deadline = Number.POSITIVE_INFINITY;

  start({ statementLimit, timeoutMs }: ScriptLimits): void {
    this.#left = Math.ceil(statementLimit / STATEMENTS_PER_INTERRUPT);
    this.#deadline = performance.now() + timeoutMs;
  }

  /** Tells whether the script has to end. Once it has, it is not let go on. */
  isOver(): boolean {
    this.#left--;
    if (this.#left <= 0) this.fault ??= "statementLimit";
    if (performance.now() >= this.#deadline) this.fault ??= "timeout";
    return this.fault !== undefined;
  }
}

async function createMachine(): Promise<Machine> {
  const watch = new Watch();
  const vm = await QuickJS.create({
    wasm: module,
    memoryLimit: MEMORY_BYTES,
    maxStackSize: STACK_BYTES,
    interruptHandler: () => watch.isOver(),
  });
  return { vm, watch };
}

/** Answer of a thread: that it can run a script now, or what came of one. */
export type ThreadMessage = "ready" | ScriptReply;

void serve();

async function serve(): Promise<void> {
  for (;;) {
    // Made before it is needed: that takes longer than most scripts.
    const machine = await createMachine();
    const next = new Promise<ScriptTask>(resolve => parentPort?.once("message", resolve));
    tell("ready");
    tell(await run(await next, machine));
    machine.vm.dispose();
  }
}

function tell(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

async function run(task: ScriptTask, { vm, watch }: Machine): Promise<ScriptReply> {
  let isRun = false;
  try {
    const prelude = evaluate(vm, { name: "prelude", text: PRELUDE });
    const stringify = prelude.getProp("stringify");
    const context = vm.newString(task.context);
    const hasLargeNumbers = task.hasLargeNumbers ? vm.true : vm.false;
    vm.callFunction(prelude.getProp("setContext"), vm.undefined, context, hasLargeNumbers);
    context.dispose();
    watch.start(task.limits);
    for (const source of task.sources) evaluate(vm, source).dispose();
    vm.executePendingJobs();
    const result = evaluate(vm, { name: "result", text: READ_RESULT });
    if (result.isPromise && result.promiseState === PENDING) {
      return failed("pending", "its result is a promise that never settles");
    }
    const settled = await vm.resolvePromise(result);
    if ("error" in settled)
      return failed("error", `its result is a promise that was rejected: ${textOf(settled.error)}`);
    isRun = true;
    const json = vm.callFunction(stringify, vm.undefined, settled.value);
    if (!json.isString) return { kind: "result", text: undefined };
    if (json.length > MAX_RESULT_CHARACTERS) {
      return failed("result", `its result has more than ${MAX_RESULT_CHARACTERS} characters as JSON`);
    }
    return { kind: "result", text: json.toString() };
  } catch (error) {
    const reply = limitReply(error, watch, task);
    if (reply !== undefined) return reply;
    if (!(error instanceof JSException)) return failed("error", (error as Error).message);
    const thrown = thrownText(error);
    if (isRun) return failed("result", `its result has no JSON: ${thrown}`);
    return failed("error", thrown, placeIn(error.stack, task.sources));
  }
}

function evaluate(vm: QuickJS, { name, text }: ScriptSource): JSValueHandle {
  const key = `${name}\n${text}`;
  let bytecode = compiled.get(key);
  if (bytecode === undefined) {
    try {
      bytecode = vm.compile(text, name, EvalFlags.TYPE_GLOBAL);
    } catch {
      // Fails too, and its error has the line.
      return vm.evalCode(text, name);
    }
    const [oldest] = compiled.keys();
    if (compiled.size >= MOST_COMPILED && oldest !== undefined) compiled.delete(oldest);
    compiled.set(key, bytecode);
  }
  return vm.evalBytecode(bytecode);
}

function failed(fault: ScriptFault, message: string, place?: string): ScriptReply {
  return { kind: "fault", fault, message: shortened(message), place };
}

/** Returns the reply for a script that met a limit. `undefined` if it failed for another reason. */
function limitReply(error: unknown, watch: Watch, { limits }: ScriptTask): ScriptReply | undefined {
  if (watch.fault === "timeout") return failed("timeout", `it did not end within ${limits.timeoutMs} ms`);
  if (watch.fault === "statementLimit") {
    return failed("statementLimit", `it runs more than ${limits.statementLimit} statements`);
  }
  const { message } = error as Error;
  if (MEMORY_ERROR.test(message)) return failed("memory", `it needs more than ${MEMORY_BYTES} bytes of memory`);
  if (STACK_ERROR.test(message)) return failed("stack", "it calls functions, or nests values, too deeply");
  return undefined;
}

/** Returns the text of a thrown error, or of another value that is thrown. */
function thrownText({ handle, name, message }: JSException): string {
  if (handle.isError) return name === "" ? message : `${name}: ${message}`;
  if (handle.isNull || handle.isUndefined) return `it threw ${handle.isNull ? "null" : "undefined"}`;
  return `it threw ${message === NO_TEXT ? "a value that has no text" : message}`;
}

/** Returns the first place in a stack that is in one of the sources. */
function placeIn(stack: string | undefined, sources: readonly ScriptSource[]): string | undefined {
  for (const [, name, line] of (stack ?? "").slice(0, 4_000).matchAll(/\(?([\w./-]+):(\d+)(?::\d+)?\)?$/gm)) {
    if (sources.some(source => source.name === name)) return `${name}, line ${line}`;
  }
  return undefined;
}

/** Returns the text of a thrown value. Making a text of it runs code of the script, which may throw. */
function textOf(thrown: JSValueHandle): string {
  try {
    return thrown.toString();
  } catch {
    return "a value that has no text";
  }
}

function shortened(text: string): string {
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE - 1)}…` : text;
}
