import { CapabilityError, type Diagnostic, isCapabilityError } from "../base/capability-error.ts";
import { getOrSet } from "../base/get-or-set.ts";
import { prepareSignal } from "../base/long-lived-signal.ts";
import type { SecretMask } from "../base/mask-secrets.ts";
import { userAgent } from "../base/version.ts";
import type { ResolvedDocument } from "../language/document/resolve-document.ts";
import { describeOperation, type OperationDescription } from "../language/model/describe-operation.ts";
import { UnitIndex } from "../language/model/exposed/find-unit.ts";
import { isUnit } from "../language/model/exposed/resolved-work.ts";
import type { ExposedModel, Unit } from "../language/model/exposed/types.ts";
import { OperationIndex } from "../language/model/find-operation.ts";
import type { Adapter, CapabilityModel, Operation } from "../language/model/types.ts";
import { withoutLiterals } from "../language/validation/without-literals.ts";
import type { HttpRequest } from "../net/http-request.ts";
import type { CallTrace } from "../net/layers/call-trace.ts";
import { isSafeMethod } from "../net/layers/safe-method.ts";
import type { HttpResponse, ResponseHead } from "../net/transport.ts";
import type { Wire } from "../net/wire.ts";
import { withEnd } from "../net/with-end.ts";
import type { Span } from "../telemetry/span.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { SessionContext } from "./authentication/authentication-kind.ts";
import type { LoginStore } from "./authentication/login-store.ts";
import type { Sessions } from "./authentication/sessions.ts";
import type { BindResolver } from "./binds/bind-resolver.ts";
import type { CallerFields } from "./binds/caller-fields.ts";
import {
  type Answer,
  type AnswerForm,
  type AnswerIn,
  type BytesAnswer,
  baseUriOf,
  type CallContext,
  type CallPlan,
  call,
  type ItemsAnswer,
  planCall,
  prepare,
} from "./call.ts";
import type { CallWatch } from "./call-events.ts";
import type { CallOptions } from "./call-options.ts";
import { type CallScope, openScope, untilSignal } from "./call-scope.ts";
import { type ExchangeSettings, exchangeSettings, forwardSettings, type SharedSending } from "./exchange-settings.ts";
import type { PassedRequest } from "./forward.ts";
import type { InnerCallOptions } from "./inner-call-options.ts";
import type { CallOfUnit } from "./orchestration/call-of-unit.ts";
import type { UnitAnswer, UnitReader } from "./orchestration/unit-answer.ts";
import type { UnitCaller } from "./orchestration/unit-caller.ts";
import type { UnitHost } from "./orchestration/unit-host.ts";
import type { Permissions } from "./policy/permissions.ts";
import { type PresentError, presentErrors } from "./present-error.ts";
import { hasAdded, omittedHeaders, rememberAdded, withAdded } from "./request/added-fields.ts";
import { checkInputs, type Inputs } from "./request/check-inputs.ts";
import { chooseKey, type IdempotencyKey } from "./request/idempotency-key.ts";
import { planRequest } from "./request/plan-request.ts";
import { RunningCalls } from "./running-calls.ts";
import type { Scripts } from "./scripts/scripts.ts";
import type { Opening } from "./surroundings.ts";
import type { TenantRuntimes } from "./tenant-runtimes.ts";

/** The parts of an opened capability. */
export interface RuntimeParts {
  readonly opening: Opening;
  readonly model: CapabilityModel;
  /** Compiles what the capability exposes. */
  readonly exposed: () => ExposedModel;
  readonly document: ResolvedDocument;
  /** Facts about the file worth knowing, though it runs; without places. */
  readonly diagnostics: readonly Diagnostic[];
  readonly secrets: SecretMask;
  readonly binds: BindResolver;
  readonly logins: LoginStore;
  readonly sessions: Pick<Sessions, "get">;
  /** Surroundings of requests that no single call owns, such as that for a token. */
  readonly session: SessionContext;
  /** What may be called. `undefined`: everything. */
  readonly permissions: Permissions | undefined;
  readonly wire: Wire;
  readonly sending: SharedSending;
  readonly allowPlainHttp: boolean;
  /** Whether calls wait for functions of the program: a transport, sources of variables, a store of logins. */
  readonly callsForeign: boolean;
  /** Plans of operations, which hold nothing of a call: they are the same for all tenants. */
  readonly plans: Map<Operation, Promise<CallPlan>>;
  /** The capability as it is open for its tenants. `undefined`: it has none, or is open for one. */
  readonly tenants: TenantRuntimes<Runtime> | undefined;
  /** The capability that this one is open for a tenant of. */
  readonly whole: Runtime | undefined;
  /** Called when it is closed. */
  readonly closed: (() => void) | undefined;
  /** Starts to follow a call. Absent without a listener. */
  readonly watch: ((call: number, operation: string) => CallWatch) | undefined;
}

/** One call of several that are told of and ended together: a page of a list. */
interface Part {
  /** URL of the request in place of the one that the inputs give. */
  readonly url: string | undefined;
  readonly watch: CallWatch | undefined;
}

/** A call, or a part of one, and who follows it. */
interface Followed extends Part {
  readonly trace: CallTrace | undefined;
}

/** An operation that has been called, and the context of its calls. */
interface Planned {
  readonly plan: CallPlan;
  readonly settings: ExchangeSettings;
  /** Context of a call without options. */
  readonly context: CallContext;
}

/** An opened capability, for surfaces and for the library's face. Many callers may use it at once. */
export class Runtime {
  readonly model: CapabilityModel;
  readonly document: ResolvedDocument;
  readonly diagnostics: readonly Diagnostic[];
  readonly secrets: SecretMask;
  readonly binds: BindResolver;
  readonly logins: LoginStore;
  readonly session: SessionContext;
  readonly opening: Opening;
  /** Gives an error with its place in the file and with secrets masked. */
  readonly presented: PresentError;
  readonly #parts: RuntimeParts;
  readonly #index: OperationIndex;
  readonly #planned = new Map<Operation, Planned | Promise<Planned>>();
  /** What passes requests on, by the adapter of the API. */
  readonly #forwards = new Map<Adapter, Promise<Planned>>();
  readonly #running: RunningCalls;
  #unitCaller: UnitCaller | undefined;
  #descriptions: ReadonlyMap<string, OperationDescription> | undefined;
  #exposed: ExposedModel | undefined;
  #units: UnitIndex | undefined;
  #scripts: Promise<Scripts> | undefined;
  /** Longest time-out of an operation that was called. */
  #longestMs = 0;
  /** Calls that were followed, ever. */
  #watched = 0;
  #closing: Promise<void> | undefined;
  /** Ends streams and waiting, which may have no end of their own. */
  readonly #streamsEnd = new AbortController();
  /** Ends calls that are still under way when `close` waits no longer. */
  readonly #callsEnd = new AbortController();

  constructor(parts: RuntimeParts) {
    this.model = parts.model;
    this.document = parts.document;
    this.diagnostics = parts.diagnostics;
    this.secrets = parts.secrets;
    this.binds = parts.binds;
    this.logins = parts.logins;
    this.session = parts.session;
    this.opening = parts.opening;
    this.presented = presentErrors(parts.document, parts.secrets);
    this.#parts = parts;
    this.#index = parts.whole === undefined ? new OperationIndex(parts.model) : parts.whole.#index;
    this.#running = new RunningCalls(parts.callsForeign);
    prepareSignal(this.#streamsEnd.signal);
    prepareSignal(this.#callsEnd.signal);
  }

  /** Gives a signal that is aborted when the capability is closed. */
  get closing(): AbortSignal {
    return this.#streamsEnd.signal;
  }

  /** Tells whether no call is under way. */
  get isIdle(): boolean {
    return this.#running.isIdle;
  }

  get name(): string {
    return this.model.name;
  }

  /** Describes every operation, by its shortest unambiguous reference, in the order of the file. */
  get operations(): ReadonlyMap<string, OperationDescription> {
    this.#descriptions ??= new Map(
      this.model.operations.map(operation => [operation.reference, describeOperation(operation)]),
    );
    return this.#descriptions;
  }

  /** @throws CapabilityError `OPERATION_NOT_FOUND`, `OPERATION_AMBIGUOUS` */
  find(reference: string): Operation {
    return this.#index.find(reference);
  }

  /**
   * Gives what the capability exposes, compiled at the first time.
   *
   * @throws CapabilityError `CAPABILITY_INVALID` with every error in it
   */
  get exposed(): ExposedModel {
    const { whole, exposed } = this.#parts;
    this.#exposed ??= whole === undefined ? exposed() : whole.exposed;
    return this.#exposed;
  }

  /** Findings about parts of what the capability exposes that cannot be read: nothing of these can be served or run. */
  get unread(): readonly Diagnostic[] {
    const found = this.diagnostics.filter(({ rule, pointer }) => rule === "lenient-reading" && EXPOSED.test(pointer));
    return withoutLiterals(found, this.document.value);
  }

  /** Gives the scripts of steps, for calls and for what manages them. */
  get scripts(): Promise<Scripts> {
    const { whole } = this.#parts;
    if (whole !== undefined) return whole.scripts;
    this.#scripts ??= import("./open-scripts.ts").then(({ openScripts }) => openScripts(this.exposed, this.opening));
    return this.#scripts;
  }

  /**
   * Finds a consumed operation, or else something that the capability exposes.
   *
   * @throws CapabilityError `OPERATION_NOT_FOUND`, `OPERATION_AMBIGUOUS`, `CAPABILITY_INVALID`
   */
  findCallable(reference: string): Operation | Unit {
    try {
      return this.find(reference);
    } catch (error) {
      if (!isCapabilityError(error, "OPERATION_NOT_FOUND")) throw error;
      this.#units ??= new UnitIndex(this.exposed);
      const unit = this.#units.find(reference);
      if (unit !== undefined) return unit;
      throw this.#index.notFound(reference, this.#units.names, this.unread[0]?.message);
    }
  }

  /** Tells why the policy refuses an operation, or something that is exposed, as the end of a sentence. */
  refusalOf(called: Operation | Unit): string | undefined {
    return this.#parts.permissions?.of(called)?.refusal?.reason;
  }

  /** Tells what the policy would say of a call, which is not made. `undefined`: nothing. */
  policyNote(called: Operation | Unit): string | undefined {
    return this.#parts.permissions?.of(called)?.note;
  }

  /**
   * Requires that something may be called, before the first of several calls that belong together. A person is asked once.
   *
   * @returns the options of each of these calls
   * @throws CapabilityError `OPERATION_REFUSED`, `CONFIRMATION_MISSING`
   */
  async permit<Options extends CallOptions>(
    called: Operation | Unit,
    inputs: Inputs,
    options: Options,
  ): Promise<Options & InnerCallOptions> {
    const { permissions } = this.#parts;
    if (permissions === undefined) return options;
    const check = async () => {
      if (isUnit(called)) return;
      const { plan } = await this.#plan(called);
      checkInputs(called, inputs, plan.request.checks);
    };
    await this.#follow(() => permissions.of(called)?.require(inputs, options.confirm, check));
    return { ...options, isPermitted: true };
  }

  /**
   * Requires that something may be called many times, before the first call. A person is asked once.
   *
   * @param inputs inputs that all calls have in common
   * @returns the options of each of these calls
   * @throws CapabilityError `OPERATION_REFUSED`, `CONFIRMATION_MISSING`
   */
  async permitAll<Options extends CallOptions>(
    called: Operation | Unit,
    inputs: Inputs,
    options: Options,
  ): Promise<Options & InnerCallOptions> {
    const permission = this.#parts.permissions?.of(called);
    if (permission !== undefined)
      await this.#follow(() => permission.require(inputs, options.confirm, () => undefined));
    return { ...options, isPermitted: true };
  }

  /** Builds the request of a call. Sends nothing. */
  async prepare(reference: string, inputs: Inputs, options: InnerCallOptions): Promise<HttpRequest> {
    const { tenants } = this.#parts;
    if (tenants !== undefined)
      return tenants.use(tenantOf(options), reference, own => own.prepare(reference, inputs, options));
    const preparing = async () => {
      const planned = await this.#plan(this.find(reference));
      const plan = this.#planWith(planned.plan, options);
      const work = async (context: CallContext) => prepare(plan, inputs, context);
      return this.#inScope(planned, options, "value", UNTOLD, work);
    };
    const { request } = await this.#follow(preparing, undefined, options.callerFields);
    return request;
  }

  /**
   * Calls an operation and gives its answer in a form.
   *
   * @param part given where the call is a part of a larger one
   */
  call<Form extends AnswerForm>(
    reference: string,
    inputs: Inputs,
    options: InnerCallOptions,
    form: Form,
    part?: Part,
  ): Promise<AnswerIn[Form]> {
    const { tenants } = this.#parts;
    if (tenants !== undefined)
      return tenants.use(tenantOf(options), reference, own => own.call(reference, inputs, options, form, part));
    const begin = (planned: Planned) => this.#begin(planned, inputs, options, form, part);
    const work = () => {
      const planned = this.#plan(this.find(reference));
      return planned instanceof Promise ? planned.then(begin) : begin(planned);
    };
    return this.#follow(work, part, options.callerFields) as Promise<AnswerIn[Form]>;
  }

  /**
   * Passes a request on to an API, and gives its answer as it comes, piece by piece.
   *
   * @param options `signal` ends it with `ABORTED`, also while the answer is read
   */
  forward(
    adapter: Adapter,
    request: PassedRequest,
    options: Pick<InnerCallOptions, "signal" | "span" | "callerFields">,
  ): Promise<HttpResponse> {
    const { tenants } = this.#parts;
    if (tenants !== undefined)
      return tenants.use(tenantOf(options), adapter.namespace, own => own.forward(adapter, request, options));
    const { signal, span, callerFields } = options;
    const work = async () => {
      await this.#parts.permissions?.requirePassed(adapter, request);
      const { forward } = await import("./forward.ts");
      const { plan, context } = await getOrSet(this.#forwards, adapter, () =>
        this.#planOperation(adapter.bare, forwardSettings),
      );
      const trace = span && { span, sent: 0 };
      const watch = { ...context.exchange.watch, trace };
      return forward(plan, request, { ...context, callerFields, exchange: { ...context.exchange, signal, watch } });
    };
    return this.#follow(work, undefined, callerFields);
  }

  /** Calls something that the capability exposes: a REST operation, a tool, a function of an aggregate. */
  callUnit(unit: Unit, inputs: Inputs, options: InnerCallOptions, reader: UnitReader): Promise<UnitAnswer> {
    const { tenants } = this.#parts;
    if (tenants !== undefined)
      return tenants.use(tenantOf(options), unit.name, own => own.callUnit(unit, inputs, options, reader));
    const { telemetry } = this.opening.surroundings;
    const span = options.span === undefined && telemetry?.isOn ? this.#beginUnit(telemetry, unit) : undefined;
    const given = span === undefined ? options : { ...options, span };
    const begin = (units: UnitCaller) => units.call(unit, inputs, given, reader);
    const answering = this.#follow(
      () => (this.#unitCaller === undefined ? this.#openUnits().then(begin) : begin(this.#unitCaller)),
      undefined,
      options.callerFields,
    );
    return span === undefined ? answering : endSpan(span, answering);
  }

  #beginUnit(telemetry: Telemetry, { reference }: Unit): Span {
    const span = telemetry.begin(reference, "INTERNAL", undefined);
    span.set("naftiko.operation.id", reference);
    return span;
  }

  /** Loads what calls units: a call of an operation does without. */
  async #openUnits(): Promise<UnitCaller> {
    const { UnitCaller } = await import("./orchestration/unit-caller.ts");
    this.#unitCaller ??= new UnitCaller(this.#unitHost());
    return this.#unitCaller;
  }

  /** Gives the call that a unit makes of an operation, without making it. */
  callOf(unit: Unit, inputs: Inputs, options: InnerCallOptions): Promise<CallOfUnit> {
    const { tenants } = this.#parts;
    if (tenants !== undefined)
      return tenants.use(tenantOf(options), unit.name, own => own.callOf(unit, inputs, options));
    return this.#follow(async () => {
      const { callOfUnit } = await import("./orchestration/call-of-unit.ts");
      return callOfUnit(unit, inputs, options, this.#unitHost());
    });
  }

  #unitHost(): UnitHost {
    const { permissions } = this.#parts;
    return {
      binds: this.binds,
      numbers: this.opening.surroundings.numbers ?? this.opening.settings.largeIntegers,
      deadlineMs: this.opening.settings.deadlineMs,
      ending: this.#callsEnd.signal,
      telemetry: this.opening.surroundings.telemetry,
      present: this.presented,
      permit: (unit, inputs, { isPermitted, confirm }: InnerCallOptions, check) =>
        isPermitted === true ? undefined : permissions?.of(unit)?.require(inputs, confirm, check),
      script: async (step, context, signal) => (await this.scripts).run(step, context, signal),
      call: <Form extends AnswerForm>(operation: Operation, inputs: Inputs, options: InnerCallOptions, form: Form) => {
        const permitted = permissions === undefined ? options : { ...options, isPermitted: true };
        const begin = (planned: Planned) => this.#begin(planned, inputs, permitted, form, undefined);
        const planned = this.#plan(operation);
        return (planned instanceof Promise ? planned.then(begin) : begin(planned)) as Promise<AnswerIn[Form]>;
      },
    };
  }

  /** Gives the base URI of a call. No page of its list is outside of it. */
  async baseUri(operation: Operation, inputs: Inputs, options: InnerCallOptions): Promise<string> {
    const { tenants } = this.#parts;
    if (tenants !== undefined)
      return tenants.use(tenantOf(options), operation.name, own => own.baseUri(operation, inputs, options));
    const { plan, context } = await this.#plan(operation);
    const { callerFields } = options;
    return baseUriOf(this.#planWith(plan, options), inputs, { ...context, callerFields });
  }

  /** Starts to follow a call for the listener. `undefined` without one. */
  watch({ reference }: Operation): CallWatch | undefined {
    return this.#parts.watch?.(++this.#watched, reference);
  }

  /**
   * Does something on behalf of the capability: its errors are presented as those of a call are.
   *
   * @throws CapabilityError with its place in the file, and with secrets masked
   */
  perform<Value>(action: () => Promise<Value>): Promise<Value> {
    return this.#follow(action);
  }

  /**
   * Closes the connections. Calls under way are completed first, streams and waiting are ended, further calls are refused
   * with a `TypeError`. It waits as long as one attempt may take (the longest `timeoutMs` of an operation that was called;
   * 2 s where that is `0`): a call that takes longer then ends with `ABORTED`.
   */
  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    const { model, wire, sending, tenants, closed } = this.#parts;
    const reason = new Error(`Capability "${model.name}" is closed`);
    this.#streamsEnd.abort(reason);
    await tenants?.close();
    const isForced = await this.#running.finish(this.#longestMs || GRACE_MS, () => this.#endedByClosing());
    if (isForced) this.#callsEnd.abort(reason);
    await wire.close(isForced);
    const { cache } = sending;
    if (cache?.isOwn) await cache.cache.close();
    closed?.();
  }

  /** @throws TypeError once the capability is closed */
  requireOpen(): void {
    if (this.#closing !== undefined) throw this.#closed();
  }

  #closed(): TypeError {
    return new TypeError(`Capability "${this.model.name}" is closed`);
  }

  #endedByClosing(): Error {
    const message = `The call was ended: capability "${this.model.name}" is closed`;
    return new CapabilityError("ABORTED", { message, details: {} });
  }

  /**
   * Does a call, which ends at the latest some time after the capability is closed.
   *
   * @param part begins behind others, which have ended by then
   */
  #follow<Value>(work: () => Promise<Value> | Value, part?: Part, caller?: CallerFields): Promise<Value> {
    if (this.#closing !== undefined)
      return Promise.reject(part === undefined ? this.#closed() : this.#endedByClosing());
    return this.#running.follow(work, caller === undefined ? this.#fail : error => this.#failFor(caller, error));
  }

  readonly #fail = async (error: unknown): Promise<never> => {
    throw await this.presented(error);
  };

  /** Fails a call of a caller, whose own secrets are masked too. */
  async #failFor(caller: CallerFields, error: unknown): Promise<never> {
    throw caller.error(await this.presented(error));
  }

  #plan(operation: Operation): Planned | Promise<Planned> {
    let planned = this.#planned.get(operation);
    if (planned === undefined) {
      planned = this.#planOperation(operation).then(planned => {
        const permission = this.#parts.permissions?.of(operation);
        const ready = permission === undefined ? planned : { ...planned, context: { ...planned.context, permission } };
        this.#planned.set(operation, ready);
        return ready;
      });
      this.#planned.set(operation, planned);
    }
    return planned;
  }

  async #planOperation(operation: Operation, settingsOf = exchangeSettings): Promise<Planned> {
    const { sending, wire, binds, secrets, allowPlainHttp, sessions, plans } = this.#parts;
    const plan = await getOrSet(plans, operation, () => planCall(operation, userAgent));
    const settings = await settingsOf(
      operation,
      plan.request.isOfCaller ? unshared(sending, operation) : sending,
      wire,
    );
    const { send, decoding, timeoutSource } = settings;
    const { bounds, watch } = settings.exchange;
    this.#longestMs = Math.max(this.#longestMs, bounds.timeoutMs);
    const exchange = { ...settings.exchange, watch: { ...watch, closing: this.#callsEnd.signal } };
    const context: CallContext = {
      ...{ binds, secrets, allowPlainHttp, sessions, send, exchange, decoding, timeoutSource },
      form: "value",
      idempotencyKey: undefined,
      url: undefined,
      permission: undefined,
      confirm: undefined,
      callerFields: undefined,
    };
    return { plan, settings, context };
  }

  /** Returns the plan of a call that may have headers and query parameters of its own. */
  #planWith(plan: CallPlan, options: CallOptions): CallPlan {
    if (!hasAdded(options)) return plan;
    const operation = withAdded(plan.operation, options);
    rememberAdded(options, this.secrets);
    return {
      ...plan,
      operation,
      request: planRequest(operation, userAgent, plan.request.checks, omittedHeaders(options)),
    };
  }

  /** Begins a call. Most need no scope: nothing ends them, and no listener follows them. */
  #begin(
    planned: Planned,
    inputs: Inputs,
    options: InnerCallOptions,
    form: AnswerForm,
    part: Part | undefined,
  ): Promise<Answer> {
    const { plan, settings, context } = planned;
    const { telemetry } = this.opening.surroundings;
    const isWatched = part !== undefined || this.#parts.watch !== undefined;
    const isPlain =
      form === "value" &&
      !isWatched &&
      settings.deadlineMs === 0 &&
      (!settings.hasKey || options.idempotencyKey !== undefined) &&
      (context.permission === undefined || options.isPermitted === true);
    if (isPlain && (options.span !== undefined || !telemetry?.isOn)) {
      if (isEmpty(options)) return call(plan, inputs, context);
      // A server gives each call a signal, and a span. What is not a program's own heeds them without a scope.
      if (!this.#parts.callsForeign && isServed(options)) return call(plan, inputs, withSignal(planned, options));
    }
    const own = part ?? { url: undefined, watch: this.watch(plan.operation) };
    const span = options.span ?? (telemetry?.isOn && telemetry.begin(plan.operation.reference, "INTERNAL", undefined));
    const followed = { ...own, trace: span ? { span, sent: 0 } : undefined };
    const work = (found: CallContext) => call(this.#planWith(plan, options), inputs, found);
    const done = (error?: unknown) => {
      if (part === undefined) own.watch?.done(error);
      if (span && span !== options.span) span.end(error === undefined ? undefined : errorType(error));
    };
    return this.#inScope(planned, options, form, followed, work, done);
  }

  /**
   * Does the work of a call with its options: within its signals and its deadline, told to who follows it. An answer in
   * pieces ends with the last of them, for all three together.
   */
  async #inScope<Value extends object>(
    planned: Planned,
    options: InnerCallOptions,
    form: AnswerForm,
    part: Followed,
    work: (context: CallContext) => Promise<Value>,
    done: (error?: unknown) => void = () => {},
  ): Promise<Value> {
    let scope: CallScope | undefined;
    const end = (thrown?: unknown) => {
      const error = thrown === undefined || scope === undefined ? thrown : scope.explain(thrown);
      scope?.release();
      done(error);
      return error;
    };
    try {
      const { signal, deadlineMs = planned.settings.deadlineMs } = options;
      const signals = [signal, form !== "value" ? this.closing : undefined].filter(it => it !== undefined);
      if (signals.length > 0 || deadlineMs > 0) scope = await openScope(signals, deadlineMs);
      const working = work(contextOf(planned, options, form, part, scope));
      const { name } = planned.plan.operation;
      const value = await (scope === undefined ? working : untilSignal(working, scope.signal, name));
      if (!comesInPieces(value) || isWhole(value)) {
        end();
        return value;
      }
      const pieces = withEnd<unknown>(value.pieces, {
        end: async error => {
          if (error === undefined) return end();
          const presented = await this.presented(end(error));
          return options.callerFields?.error(presented) ?? presented;
        },
        close: () => value.close(),
      });
      return { ...value, pieces };
    } catch (error) {
      throw end(error);
    }
  }
}

function tenantOf({ callerFields }: Pick<InnerCallOptions, "callerFields">): string | undefined {
  return callerFields?.tenant;
}

/** The part of a call that is only prepared. */
const UNTOLD: Followed = { url: undefined, watch: undefined, trace: undefined };
/** Pointers into what a capability exposes. */
const EXPOSED = /^(?:\/capability)?\/(?:exposes|aggregates)(?=\/|$)/;

/** How long `close` waits for calls that have no time-out. */
const GRACE_MS = 2_000;

/** Ends a span as the work ends. */
async function endSpan<Value>(span: Span, working: Promise<Value>): Promise<Value> {
  try {
    const value = await working;
    span.end();
    return value;
  } catch (error) {
    span.end(errorType(error));
    throw error;
  }
}

function errorType(error: unknown): string {
  return error instanceof CapabilityError ? error.code : "FAULT";
}

/** Gives the parts of sending for an operation that callers have a credential of: no other is given their answers. */
function unshared(sending: SharedSending, { method }: Operation): SharedSending {
  // A call that changes something still takes away what is kept for others.
  const cache = isSafeMethod(method) ? undefined : sending.cache;
  return { ...sending, cache, holdsSecret: sending.holdsSecret && (() => true) };
}

/** Makes the context of a call with options. */
function contextOf(
  { plan, settings, context }: Planned,
  { cache, idempotencyKey, confirm, isPermitted, callerFields, paced }: InnerCallOptions,
  form: AnswerForm,
  { url, watch, trace }: Followed,
  scope: CallScope | undefined,
): CallContext {
  const { deadline } = scope ?? {};
  const exchange = {
    ...context.exchange,
    signal: scope?.signal,
    streams: form === "bytes" ? isLong : context.exchange.streams,
    watch: { ...context.exchange.watch, deadline, trace, paced },
  };
  const send = cache === false ? settings.sendUncached : context.send;
  return {
    ...context,
    form,
    idempotencyKey: keyOf(plan, settings, idempotencyKey),
    url,
    permission: isPermitted === true ? undefined : context.permission,
    confirm,
    callerFields,
    send,
    exchange: watch === undefined ? exchange : watch.observed(exchange),
  };
}

function keyOf(
  { operation: { method } }: CallPlan,
  { keyHeader: header, hasKey: isUsual }: ExchangeSettings,
  given: CallOptions["idempotencyKey"],
): IdempotencyKey | undefined {
  return isUsual || given !== undefined ? chooseKey({ header, isUsual, given }, method) : undefined;
}

function isEmpty(options: CallOptions): boolean {
  for (const _ in options) return false;
  return true;
}

/** Tells whether options have nothing but a signal, and what a server gives with it. */
function isServed(options: InnerCallOptions): boolean {
  for (const name in options) {
    if (!OF_SERVERS.has(name) && options[name as keyof InnerCallOptions] !== undefined) return false;
  }
  return options.signal !== undefined;
}

const OF_SERVERS: ReadonlySet<string> = new Set([
  "signal",
  "span",
  "confirm",
  "isPermitted",
  "callerFields",
  "paced",
  "idempotencyKey",
]);

function withSignal(
  { plan, settings, context }: Planned,
  { signal, span, callerFields, paced, idempotencyKey }: InnerCallOptions,
): CallContext {
  const { exchange } = context;
  const trace = span && { span, sent: 0 };
  const watch = span === undefined && paced === undefined ? exchange.watch : { ...exchange.watch, trace, paced };
  const key = idempotencyKey === undefined ? undefined : keyOf(plan, settings, idempotencyKey);
  return {
    ...context,
    callerFields,
    permission: undefined,
    idempotencyKey: key,
    exchange: { ...exchange, signal, watch },
  };
}

function comesInPieces(value: object): value is ItemsAnswer | BytesAnswer {
  return "pieces" in value;
}

function isWhole(value: ItemsAnswer | BytesAnswer): boolean {
  return value.kind === "bytes" && value.body !== undefined;
}

/** Bytes of a body that is cheaper to read whole than piece by piece. */
const SHORT_BYTES = 64 * 1024;

/** Tells whether the body of an answer is read piece by piece, as it may be long. */
function isLong({ status, headers }: ResponseHead): boolean {
  const length = headers["content-length"];
  return status < 300 && !(typeof length === "string" && Number(length) <= SHORT_BYTES);
}
