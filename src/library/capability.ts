import type { Diagnostic } from "../base/capability-error.ts";
import { requireOptions } from "../base/option-kinds.ts";
import type { GivenRows } from "../batch/batch-of.ts";
import { type BatchOptions, type BatchResult, batchOptions } from "../batch/batch-options.ts";
import { resultOf } from "../engine/call.ts";
import type { CallOptions, PagesOptions, RunResult, WaitOptions } from "../engine/call-options.ts";
import { callOptions, pagesOptions, waitOptions } from "../engine/options.ts";
import { pagesOf } from "../engine/pages-of.ts";
import type { Page } from "../engine/pagination/page.ts";
import type { Inputs } from "../engine/request/check-inputs.ts";
import type { StreamItem } from "../engine/response/stream-items.ts";
import { prepareUnit, runUnit } from "../engine/run-unit.ts";
import type { Runtime } from "../engine/runtime.ts";
import { waitFor } from "../engine/wait-for.ts";
import { describeOperation, type OperationDescription } from "../language/model/describe-operation.ts";
import { describeExposed, type UnitDescription } from "../language/model/exposed/describe-unit.ts";
import { isUnit, resolvedWork } from "../language/model/exposed/resolved-work.ts";
import type { Unit } from "../language/model/exposed/types.ts";
import type { CapabilityInfo } from "../language/model/types.ts";
import type { HttpRequest } from "../net/http-request.ts";
import type { CapabilityTools, ToolsOptions } from "./capability-tools.ts";

/** An opened capability. Made by `openCapability`; may be used by many callers at once. */
export class Capability implements AsyncDisposable {
  /** The file's name without its extension; for a document given as an object, its first namespace. */
  readonly name: string;
  readonly info: CapabilityInfo;
  /** Facts about the file that are worth knowing, though it runs; without places, which `naftiko validate` shows. */
  readonly diagnostics: readonly Diagnostic[];
  readonly #runtime: Runtime;
  #exposed: ReadonlyMap<string, UnitDescription> | undefined;

  /** @internal */
  constructor(runtime: Runtime) {
    const { model, diagnostics } = runtime;
    this.#runtime = runtime;
    this.name = model.name;
    this.info = model.info;
    this.diagnostics = diagnostics;
  }

  /** Returns every operation by its shortest unambiguous reference, in the order of the file. */
  get operations(): ReadonlyMap<string, OperationDescription> {
    return this.#runtime.operations;
  }

  /**
   * Returns one operation by its name, `resource.name`, `namespace.name`, `namespace.resource.name` or `METHOD /path`.
   *
   * @throws CapabilityError `OPERATION_NOT_FOUND`, `OPERATION_AMBIGUOUS`
   */
  operation(reference: string): OperationDescription {
    return describeOperation(this.#runtime.find(reference));
  }

  /**
   * Returns what the capability exposes: functions of aggregates, tools and REST operations, by `namespace.name`; where
   * several have that, the first. Each can be called as an operation is.
   *
   * @throws CapabilityError `CAPABILITY_INVALID`
   */
  get exposed(): ReadonlyMap<string, UnitDescription> {
    this.#exposed ??= describeExposed(this.#runtime.exposed);
    return this.#exposed;
  }

  /**
   * Builds the request of an operation, or of something exposed that makes one call. Nothing is sent; the request holds
   * secrets as they would be sent, but none that only sending adds: an OAuth 2 token, a Digest answer, a signature.
   *
   * @param inputs typed values by input name
   * @throws CapabilityError `OPERATION_…`, `INPUT_…`, `BIND_MISSING`, `BASE_URI_MISSING`, `REQUEST_INVALID`, and
   *   `TIMEOUT` or `ABORTED` where variables are waited for
   */
  async prepare(reference: string, inputs: Inputs = {}, options: CallOptions = {}): Promise<HttpRequest> {
    requireOptions(options, callOptions);
    const unit = unitOf(this.#runtime, reference);
    return unit === undefined
      ? this.#runtime.prepare(reference, inputs, options)
      : prepareUnit(this.#runtime, unit, inputs, options);
  }

  /**
   * Calls an operation and extracts its outputs, or something that is exposed. A type argument types them, as
   * `run<{ id: string }>(…)` does.
   *
   * @param inputs typed values by input name
   * @throws CapabilityError whatever `prepare` throws, and `HTTP_STATUS`, `NETWORK`, `TIMEOUT`, `ABORTED`,
   *   `RESPONSE_TOO_LARGE`, `RESPONSE_INVALID`, `AUTHENTICATION_FAILED`
   */
  async run<Outputs = unknown>(
    reference: string,
    inputs: Inputs = {},
    options: CallOptions = {},
  ): Promise<RunResult<Outputs>> {
    requireOptions(options, callOptions);
    const unit = unitOf(this.#runtime, reference);
    if (unit !== undefined) return runUnit(this.#runtime, unit, inputs, options) as Promise<RunResult<Outputs>>;
    return resultOf(await this.#runtime.call(reference, inputs, options, "value")) as RunResult<Outputs>;
  }

  /**
   * Walks the pages of a list: each is asked for when the loop comes to it.
   *
   * @param inputs typed values by input name; where they name a position, the walk begins there
   * @throws CapabilityError what `run` throws, at any page; `RESPONSE_INVALID` where the next page cannot be told or
   *   was asked for already
   * @throws TypeError, RangeError for options that make no sense
   */
  async *pages<Outputs = unknown>(
    reference: string,
    inputs: Inputs = {},
    options: PagesOptions = {},
  ): AsyncGenerator<Page<Outputs>, void, undefined> {
    requireOptions(options, pagesOptions);
    requireOperation(this.#runtime, reference, "pages");
    yield* pagesOf(this.#runtime, reference, inputs, options) as AsyncGenerator<Page<Outputs>, void, undefined>;
  }

  /**
   * Calls an operation again and again until its answer is as wanted, and gives that answer. Failures that may pass
   * (those that `retries` is for) do not end it.
   *
   * @param inputs typed values by input name
   * @throws CapabilityError what `run` throws, and `TIMEOUT` with the last outputs
   * @throws TypeError, RangeError for options that make no sense, such as a malformed filter
   */
  async waitFor<Outputs = unknown>(
    reference: string,
    inputs: Inputs,
    options: WaitOptions<Outputs>,
  ): Promise<RunResult<Outputs>> {
    requireOptions(options, waitOptions);
    return waitFor(this.#runtime, reference, inputs, options as WaitOptions) as Promise<RunResult<Outputs>>;
  }

  /**
   * Calls an operation whose answer is a stream (server-sent events, JSON lines, a JSON text sequence), and gives each
   * item as it arrives. An answer of one value is one item. Nothing is sent before the first item is asked for;
   * leaving the loop ends the connection, and so does `close`.
   *
   * @param inputs typed values by input name
   * @throws CapabilityError what `run` throws, also between items
   */
  async *stream<Outputs = unknown>(
    reference: string,
    inputs: Inputs = {},
    options: CallOptions = {},
  ): AsyncGenerator<StreamItem<Outputs>, void, undefined> {
    requireOptions(options, callOptions);
    requireOperation(this.#runtime, reference, "a stream");
    const answer = await this.#runtime.call(reference, inputs, options, "items");
    if (answer.kind === "items") for await (const items of answer.pieces) yield* items as StreamItem<Outputs>[];
    else yield { outputs: answer.outputs as Outputs, body: answer.body };
  }

  /**
   * Calls an operation, or something that is exposed, for each row, several at once, and gives the end of each row. A row that
   * fails is a result with an `error`. Rows are read as they are needed, and no more calls begin than results are taken;
   * leaving the loop ends the calls under way.
   *
   * @param rows typed values by input name, for each call: a list, a generator, a stream of objects
   * @throws CapabilityError failures that all rows have in common: `OPERATION_…`, `BIND_MISSING`, `BASE_URI_MISSING`,
   *   `AUTHENTICATION_FAILED`, `CONFIRMATION_MISSING`; `ABORTED` by the signal
   * @throws TypeError, RangeError for options and rows that make no sense; what reading the rows throws
   */
  async *batch<Outputs = unknown>(
    reference: string,
    rows: GivenRows,
    options: BatchOptions = {},
  ): AsyncGenerator<BatchResult<Outputs>, void, undefined> {
    requireOptions(options, batchOptions);
    const { batchOf } = await import("../batch/batch-of.ts");
    yield* batchOf(this.#runtime, reference, rows, options) as AsyncGenerator<BatchResult<Outputs>, void, undefined>;
  }

  /**
   * Makes tools of operations, for models: definitions in the forms that their programs take, and what calls them.
   *
   * @throws CapabilityError `OPERATION_NOT_FOUND`, `OPERATION_AMBIGUOUS`
   * @throws TypeError, RangeError for options that make no sense
   */
  async tools(options: ToolsOptions = {}): Promise<CapabilityTools> {
    const { makeTools } = await import("./capability-tools.ts");
    return makeTools(this.#runtime, options);
  }

  /**
   * Closes the connections. Calls that run are completed first, streams and waiting are ended, further calls are refused with a
   * `TypeError`. It waits as long as one attempt may take (the longest `timeoutMs` of what was called; 2 s where that is
   * `0`): a call that takes longer then ends with `ABORTED`.
   */
  close(): Promise<void> {
    return this.#runtime.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Returns what a reference names of the exposed parts. `undefined` for a consumed operation. */
function unitOf(runtime: Runtime, reference: string): Unit | undefined {
  const found = runtime.findCallable(reference);
  return isUnit(found) ? found : undefined;
}

/** @throws TypeError for something that is exposed, whose answers are not told by a single call of an API */
function requireOperation(runtime: Runtime, reference: string, wanted: string): void {
  const unit = unitOf(runtime, reference);
  if (unit === undefined) return;
  const work = resolvedWork(unit);
  const instead = work.kind === "call" ? `: take the operation ${JSON.stringify(work.operation.reference)}` : "";
  throw new TypeError(
    `Only operations that a capability consumes have ${wanted}, and ${unit.reference} is exposed${instead}`,
  );
}
