import { setMaxListeners } from "node:events";
import { CapabilityError, type Diagnostic } from "../base/capability-error.ts";
import { isForeign } from "../base/foreign-error.ts";
import { requireOptions } from "../base/option-kinds.ts";
import type { SourceLocation } from "../base/source-location.ts";
import { tellListener } from "../base/tell-listener.ts";
import { userAgent } from "../base/version.ts";
import type { LoginStore } from "../engine/authentication/login-store.ts";
import type { CallOptions, PagesOptions, WaitOptions } from "../engine/call-options.ts";
import type { CallWatch } from "../engine/call-watch.ts";
import {
  type ExchangeOptions,
  type ExchangeSettings,
  exchangeSettings,
} from "../engine/exchange-settings.ts";
import { callOptions, pagesOptions, waitOptions } from "../engine/options.ts";
import type { Page } from "../engine/pagination/page.ts";
import type { Inputs } from "../engine/request/check-inputs.ts";
import { chooseKey } from "../engine/request/idempotency-key.ts";
import { requireSuccess } from "../engine/response/decode-response.ts";
import {
  type Answer,
  answerOperation,
  baseUriOf,
  dispatch,
  planOperation,
  prepareOperation,
  type RunContext,
  type RunnableOperation,
  type RunResult,
  runOperation,
  runRequest,
  type StreamItem,
} from "../engine/run.ts";
import { RunningCalls } from "../engine/running-calls.ts";
import { untilSignal } from "../engine/until-signal.ts";
import { ValueLocator } from "../language/document/locate-value.ts";
import type { ResolvedDocument } from "../language/document/resolve-document.ts";
import { describeOperation, type OperationDescription } from "../language/model/describe-operation.ts";
import { OperationIndex } from "../language/model/find-operation.ts";
import type { CapabilityInfo, Capability as CapabilityModel, Operation } from "../language/model/types.ts";
import type { HttpRequest } from "../net/http-request.ts";
import { joinSignals } from "../net/join-signals.ts";
import type { HttpResponse, ResponseHead, Transport } from "../net/transport.ts";

/** @internal */
export interface CapabilityParts
  extends Pick<RunContext, "binds" | "secrets" | "allowPlainHttp" | "sessions"> {
  readonly model: CapabilityModel;
  readonly document: ResolvedDocument;
  readonly diagnostics: readonly Diagnostic[];
  readonly logins: LoginStore;
  readonly now: () => number;
  /** What sends all requests of the capability. */
  readonly transport: Transport;
  readonly ownsTransport: boolean;
  /** Whether calls wait for functions of the program: a transport, sources of variables, a store of logins. */
  readonly callsForeign: boolean;
  readonly exchangeOptions: ExchangeOptions;
  /** Starts to follow a call; absent where nobody listens. */
  readonly watch: ((call: number, operation: string) => CallWatch) | undefined;
}

/** What a call takes, and who follows it. */
interface CallContext extends RunContext {
  readonly watch?: CallWatch;
}

/** An operation that has been called, and how its requests are sent. */
interface CalledOperation {
  readonly runnable: RunnableOperation;
  readonly settings: ExchangeSettings;
}

/** An opened capability. Made by `openCapability`; may be used by many callers at once. */
export class Capability implements AsyncDisposable {
  /** The file's name without its extension; for a document given as an object, its first namespace. */
  readonly name: string;
  readonly info: CapabilityInfo;
  /** What is worth knowing about the file, though it runs; without places, which `naftiko validate` shows. */
  readonly diagnostics: readonly Diagnostic[];
  /** @internal */
  readonly parts: CapabilityParts;
  readonly #index: OperationIndex;
  readonly #called = new Map<Operation, Promise<CalledOperation>>();
  #descriptions: ReadonlyMap<string, OperationDescription> | undefined;
  #locator: ValueLocator | undefined;
  readonly #running: RunningCalls;
  /** Longest time-out of an operation that was called. */
  #longestMs = 0;
  /** Calls that were followed, ever. */
  #watched = 0;
  #closing: Promise<void> | undefined;
  /** Ends the streams, which may have no end of their own. */
  readonly #streamsEnd = new AbortController();
  /** Ends what is still under way when `close` waits no longer. */
  readonly #callsEnd = new AbortController();

  /** @internal */
  constructor(parts: CapabilityParts) {
    this.parts = parts;
    this.name = parts.model.name;
    this.info = parts.model.info;
    this.diagnostics = parts.diagnostics;
    this.#index = new OperationIndex(parts.model);
    this.#running = new RunningCalls(parts.callsForeign);
    setMaxListeners(0, this.#streamsEnd.signal, this.#callsEnd.signal);
  }

  /** Every operation, by its shortest unambiguous reference, in the order of the file. */
  get operations(): ReadonlyMap<string, OperationDescription> {
    this.#descriptions ??= new Map(
      this.parts.model.operations.map(operation => [operation.reference, describeOperation(operation)]),
    );
    return this.#descriptions;
  }

  /**
   * One operation by its name, `resource.name`, `namespace.name`, `namespace.resource.name` or `METHOD /path`.
   *
   * @throws CapabilityError `OPERATION_NOT_FOUND`, `OPERATION_AMBIGUOUS`
   */
  operation(reference: string): OperationDescription {
    return describeOperation(this.#index.find(reference));
  }

  /**
   * Builds the request of an operation. Nothing is sent; the request holds secrets as they would be sent, but none that
   * only sending adds: an OAuth 2 token, a Digest answer, a signature.
   *
   * @param inputs typed values by input name
   * @throws CapabilityError `OPERATION_…`, `INPUT_…`, `BIND_MISSING`, `BASE_URI_MISSING`, `REQUEST_INVALID`, and
   *   `TIMEOUT` or `ABORTED` where variables are waited for
   */
  async prepare(reference: string, inputs: Inputs = {}, options: CallOptions = {}): Promise<HttpRequest> {
    requireOptions(options, callOptions);
    return this.#call(async () => {
      const called = await this.#plan(reference);
      const prepare = (context: CallContext) => prepareOperation(called.runnable, inputs, context);
      return (await this.#timed(called, options, prepare, undefined)).request;
    });
  }

  /**
   * Calls an operation and extracts its outputs.
   *
   * @param inputs typed values by input name
   * @throws CapabilityError whatever `prepare` throws, and `HTTP_STATUS`, `NETWORK`, `TIMEOUT`, `ABORTED`,
   *   `RESPONSE_TOO_LARGE`, `RESPONSE_INVALID`, `AUTHENTICATION_FAILED`
   */
  async run(reference: string, inputs: Inputs = {}, options: CallOptions = {}): Promise<RunResult> {
    requireOptions(options, callOptions);
    return this.#call(async () => {
      const called = await this.#plan(reference);
      return this.#within(called, options, context => runOperation(called.runnable, inputs, context));
    });
  }

  /**
   * Walks the pages of a list: each is asked for when the loop comes to it.
   *
   * @param inputs typed values by input name; where they name a position, the walk begins there
   * @throws CapabilityError what `run` throws, at any page; `RESPONSE_INVALID` where the next page cannot be told or
   *   was asked for already
   * @throws TypeError, RangeError for options that make no sense
   */
  async *pages(
    reference: string,
    inputs: Inputs = {},
    options: PagesOptions = {},
  ): AsyncGenerator<Page, void, undefined> {
    const { pagination, maxPages, maxItems } = options;
    requireOptions(options, pagesOptions);
    const { walkPages } = await import("../engine/pagination/walk-pages.ts");
    const operation = this.#index.find(reference);
    try {
      const called = await this.#plan(reference);
      const { runnable } = called;
      const context = this.#context(called, {});
      const watch = this.#watch(called);
      let address = "";
      const pages = walkPages({
        operation,
        inputs,
        pagination,
        maxPages,
        maxItems,
        baseUri: () => baseUriOf(runnable, inputs, context),
        call: page =>
          this.#call(
            () =>
              this.#timed(
                called,
                options,
                async own => {
                  const prepared = await prepareOperation(runnable, page.inputs, own);
                  const { url = prepared.request.url } = page;
                  const request = { ...prepared.request, url };
                  const result = await runRequest(runnable, { ...prepared, request }, own);
                  const answer = { url, ...result, inputs: page.inputs };
                  address = answer.url;
                  return answer;
                },
                watch,
              ),
            () => this.#endedByClosing(),
          ),
      });
      if (watch === undefined) yield* pages;
      else yield* watch.through(tellPages(pages, watch, () => address));
    } catch (error) {
      throw error instanceof CapabilityError ? await this.#present(error) : error;
    }
  }

  /**
   * Calls an operation again and again until its answer is as wanted, and gives that answer. Failures that may pass
   * (those that `retries` is for) do not end it.
   *
   * @param inputs typed values by input name
   * @throws CapabilityError what `run` throws, and `TIMEOUT` with the last outputs
   * @throws TypeError, RangeError for options that make no sense, such as a malformed filter
   */
  async waitFor(reference: string, inputs: Inputs, options: WaitOptions): Promise<RunResult> {
    requireOptions(options, waitOptions);
    const { until, everyMs = 5_000, forMs = 120_000, signal, onCall, ...ofCall } = options;
    const { waitUntil } = await import("../engine/waiting/wait-until.ts");
    const { method, name } = this.#index.find(reference);
    const { url } = await this.prepare(reference, inputs, signal === undefined ? {} : { signal });
    const ended = joinSignals(signal, this.#streamsEnd.signal);
    try {
      return await waitUntil<RunResult>({
        operation: { method, name, url },
        until,
        everyMs,
        forMs,
        signal: ended.signal,
        onCall: this.#listener("onCall", onCall),
        // What was kept of the last call would be the answer to the next one.
        call: limit => this.run(reference, inputs, { ...ofCall, signal: limit, cache: false }),
      });
    } catch (error) {
      throw error instanceof CapabilityError ? await this.#present(error) : error;
    } finally {
      ended.release();
    }
  }

  /**
   * Calls an operation whose answer is a stream (server-sent events, JSON lines, a JSON text sequence), and gives each
   * item as it arrives. An answer that is no stream is one item. Nothing is sent before the first item is asked for;
   * leaving the loop ends the connection, and so does `close`.
   *
   * @param inputs typed values by input name
   * @throws CapabilityError what `run` throws, also between items
   */
  async *stream(
    reference: string,
    inputs: Inputs = {},
    options: CallOptions = {},
  ): AsyncGenerator<StreamItem, void, undefined> {
    requireOptions(options, callOptions);
    const answer = await this.open(reference, inputs, options);
    if (answer.kind === "stream") for await (const items of answer.items) yield* items;
    else yield { outputs: answer.result.outputs, body: answer.result.body };
  }

  /**
   * Calls an operation and gives its answer, whether it is a value or a stream.
   *
   * @internal
   */
  async open(reference: string, inputs: Inputs, options: CallOptions): Promise<Answer> {
    const answer = await this.#call(async () => {
      const called = await this.#plan(reference);
      return this.#within(called, options, async context => {
        const { signal, release } = joinSignals(context.exchange.signal, this.#streamsEnd.signal);
        let found: Answer | undefined;
        try {
          const exchange = { ...context.exchange, signal };
          found = await answerOperation(called.runnable, inputs, { ...context, exchange });
          if (found.kind === "value") return found;
          return { ...found, items: thenRelease(untilItsEnd(found.items, context), release) };
        } finally {
          if (found?.kind !== "stream") release();
        }
      });
    });
    return answer.kind === "value" ? answer : { ...answer, items: this.#presentItems(answer.items) };
  }

  /**
   * Calls an operation and gives the successful answer as received, its body piece by piece where the transport can.
   *
   * @internal
   */
  async exchange(reference: string, inputs: Inputs, options: CallOptions): Promise<HttpResponse> {
    return this.#call(async () => {
      const called = await this.#plan(reference);
      const { runnable } = called;
      return this.#within(called, options, async found => {
        const context = { ...found, exchange: { ...found.exchange, streams: isSuccess } };
        const prepared = await prepareOperation(runnable, inputs, context);
        const response = await dispatch(runnable, prepared, context);
        requireSuccess(runnable.operation, prepared.request, response);
        const { chunks } = response;
        return chunks === undefined ? response : { ...response, chunks: untilItsEnd(chunks, context) };
      });
    });
  }

  /** @internal */
  findOperation(reference: string): Operation {
    return this.#index.find(reference);
  }

  /**
   * Does something on behalf of the capability: what it throws is presented as an error of a call is.
   *
   * @internal
   */
  async perform<Value>(action: () => Promise<Value>): Promise<Value> {
    return this.#call(action);
  }

  /**
   * Closes the connections. Calls that run are completed first, streams and waiting are ended, further calls are refused with a
   * `TypeError`. It waits as long as one attempt may take (the longest `timeoutMs` of what was called; 2 s where that is
   * `0`): a call that takes longer then ends with `ABORTED`.
   */
  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #finish(): Promise<void> {
    const reason = new Error(`Capability "${this.name}" is closed`);
    this.#streamsEnd.abort(reason);
    const isForced = await this.#running.finish(this.#longestMs || GRACE_MS, () => this.#endedByClosing());
    if (isForced) this.#callsEnd.abort(reason);
    if (this.parts.ownsTransport) await this.parts.transport.close?.(isForced);
    const { cache } = this.parts.exchangeOptions;
    if (cache?.isOwn) await cache.cache.close();
  }

  #endedByClosing(): Error {
    return new CapabilityError("ABORTED", {
      message: `The call was ended: capability "${this.name}" is closed`,
      details: {},
    });
  }

  /**
   * Does a call, which ends at the latest some time after the capability is closed.
   *
   * @param closed what a call is refused with after that
   */
  #call<Value>(
    call: () => Promise<Value>,
    closed: () => Error = () => new TypeError(`Capability "${this.name}" is closed`),
  ): Promise<Value> {
    if (this.#closing !== undefined) throw closed();
    return this.#running.follow(call, this.#fail);
  }

  readonly #fail = async (error: unknown): Promise<never> => {
    throw error instanceof CapabilityError ? await this.#present(error) : error;
  };

  async *#presentItems<Items>(items: AsyncIterable<Items>): AsyncGenerator<Items, void, undefined> {
    try {
      yield* items;
    } catch (error) {
      throw error instanceof CapabilityError ? await this.#present(error) : error;
    }
  }

  #plan(reference: string): Promise<CalledOperation> {
    const operation = this.#index.find(reference);
    let called = this.#called.get(operation);
    if (called === undefined) {
      called = this.#planOperation(operation);
      this.#called.set(operation, called);
    }
    return called;
  }

  async #planOperation(operation: Operation): Promise<CalledOperation> {
    const { exchangeOptions, transport } = this.parts;
    const runnable = await planOperation(operation, userAgent);
    const settings = await exchangeSettings(operation, exchangeOptions, transport);
    const { bounds, watch } = settings.exchange;
    this.#longestMs = Math.max(this.#longestMs, bounds.timeoutMs);
    const exchange = { ...settings.exchange, watch: { ...watch, closing: this.#callsEnd.signal } };
    return { runnable, settings: { ...settings, exchange } };
  }

  /** Does one call, followed where somebody listens. */
  #within<Value>(
    called: CalledOperation,
    options: CallOptions,
    work: (context: CallContext) => Promise<Value>,
  ): Promise<Value> {
    const watch = this.#watch(called);
    const running = this.#timed(called, options, work, watch);
    return watch === undefined ? running : watch.until(running);
  }

  #watch({ runnable }: CalledOperation): CallWatch | undefined {
    return this.parts.watch?.(++this.#watched, runnable.operation.reference);
  }

  /** Does one call, or a part of it, in the time that it has. */
  #timed<Value>(
    called: CalledOperation,
    options: CallOptions,
    work: (context: CallContext) => Promise<Value>,
    watch: CallWatch | undefined,
  ): Promise<Value> {
    const context = this.#context(called, options, watch);
    const { deadlineMs = called.settings.deadlineMs } = options;
    if (deadlineMs === 0 && context.exchange.signal === undefined) return work(context);
    const { name } = called.runnable.operation;
    const ending = (own: CallContext) =>
      own.exchange.signal === undefined ? work(own) : untilSignal(work(own), own.exchange.signal, name);
    if (deadlineMs === 0) return ending(context);
    return this.#withDeadline(deadlineMs, context, ending);
  }

  async #withDeadline<Value>(
    deadlineMs: number,
    context: CallContext,
    work: (context: CallContext) => Promise<Value>,
  ): Promise<Value> {
    const { CallDeadline } = await import("../net/layers/call-deadline.ts");
    const { exchange } = context;
    const deadline = new CallDeadline(deadlineMs, exchange.signal);
    const watch = { ...exchange.watch, deadline };
    try {
      return await work({ ...context, exchange: { ...exchange, signal: deadline.signal, watch } });
    } catch (error) {
      throw deadline.explain(error);
    } finally {
      deadline.release();
    }
  }

  #context({ settings, runnable }: CalledOperation, options: CallOptions, watch?: CallWatch): CallContext {
    const { signal, cache = true, idempotencyKey: given } = options;
    if (signal !== undefined) allowListeners(signal);
    const { binds, secrets, allowPlainHttp, sessions } = this.parts;
    const { exchange, decoding, timeoutSource, keyHeader: header, hasKey: isUsual } = settings;
    const own = signal === undefined ? exchange : { ...exchange, signal };
    const { method } = runnable.operation;
    const idempotencyKey =
      isUsual || given !== undefined ? chooseKey({ header, isUsual, given }, method) : undefined;
    const context = {
      binds,
      secrets,
      allowPlainHttp,
      sessions,
      send: cache ? settings.send : settings.sendUncached,
      timeoutSource,
      exchange: watch === undefined ? own : watch.observed(own),
      decoding,
      idempotencyKey,
    };
    return watch === undefined ? context : { ...context, watch };
  }

  async #locate(pointer: string | undefined): Promise<SourceLocation | undefined> {
    if (pointer === undefined) return undefined;
    this.#locator ??= new ValueLocator(this.parts.document);
    return this.#locator.find(pointer);
  }

  /** A function of the caller's that is told of something. */
  #listener<Told extends readonly unknown[]>(
    name: string,
    listener: ((...told: Told) => unknown) | undefined,
  ): ((...told: Told) => void) | undefined {
    if (listener === undefined) return undefined;
    const { secrets } = this.parts;
    return (...told) => tellListener(name, text => secrets.text(text), listener, ...told);
  }

  /** The error with its place in the file, and with secrets masked. */
  async #present(error: CapabilityError): Promise<CapabilityError> {
    const { secrets } = this.parts;
    const presented = new CapabilityError(error.code, {
      message: secrets.text(error.message),
      details: secrets.value(error.details) as typeof error.details,
      source: secrets.value(error.source ?? (await this.#locate(error.pointer))) as
        | SourceLocation
        | undefined,
      // The reason that a caller has given for an end is the caller's.
      cause: error.code === "ABORTED" ? error.cause : secrets.error(error.cause, isForeign),
      secrets,
    });
    if (error.stack !== undefined) presented.stack = secrets.text(error.stack);
    return presented;
  }
}

/** The pieces of an answer, as they come: the call ends with the last, for its deadline and for who follows it. */
function untilItsEnd<Piece, Pieces extends AsyncIterable<Piece>>(
  pieces: Pieces & AsyncIterable<Piece>,
  { exchange, watch }: CallContext,
): Pieces | AsyncGenerator<Piece, void, undefined> {
  const { deadline } = exchange.watch;
  const timed = deadline === undefined ? pieces : deadline.through(pieces);
  return watch === undefined ? timed : watch.through(timed);
}

async function* tellPages(
  pages: AsyncIterable<Page>,
  watch: CallWatch,
  url: () => string,
): AsyncGenerator<Page, void, undefined> {
  for await (const page of pages) {
    watch.page(page.page, page.items, url());
    yield page;
  }
}

/** The same items; `release` is called when no more are read. */
async function* thenRelease<Item>(
  items: AsyncIterable<Item>,
  release: () => void,
): AsyncGenerator<Item, void, undefined> {
  try {
    yield* items;
  } finally {
    release();
  }
}

/** As many calls as a program likes may have one signal: Node would warn of a leak from the eleventh listener on. */
function allowListeners(signal: AbortSignal): void {
  if (known.has(signal)) return;
  known.add(signal);
  if (signal instanceof EventTarget) setMaxListeners(0, signal);
}

const known = new WeakSet<AbortSignal>();

function isSuccess({ status }: ResponseHead): boolean {
  return status < 400;
}

/** How long `close` waits for calls that have no time-out. */
const GRACE_MS = 2_000;
