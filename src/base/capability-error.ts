import type { InspectOptions, inspect as inspectValue } from "node:util";
import { parseExact, stringify } from "./numbers/exact-json.ts";
import type { Remedy } from "./remedy.ts";
import type { SourceLocation } from "./source-location.ts";

/** The structured facts of each error code. Programs read these; the message is for people. */
export interface ErrorDetails {
  /** No file answers to the name or path. `searched`: absolute paths tried; `suggestions`: the nearest names. */
  readonly CAPABILITY_NOT_FOUND: {
    readonly name: string;
    readonly searched: readonly string[];
    readonly suggestions: readonly string[];
  };
  /** The file is not YAML, not a capability, or breaks a rule of the language. */
  readonly CAPABILITY_INVALID: { readonly diagnostics: readonly Diagnostic[]; readonly omitted: number };
  /** A description of an API cannot be read, or describes no operations. `location`: its path or URL. */
  readonly DESCRIPTION_INVALID: { readonly location: string };
  /** The configuration, or the option `overlays`, is malformed or does not fit the capability. */
  readonly CONFIG_INVALID: { readonly diagnostics: readonly Diagnostic[]; readonly omitted: number };
  /** The capability has no such operation. `operations`: how many it has. */
  readonly OPERATION_NOT_FOUND: {
    readonly operation: string;
    readonly suggestions: readonly string[];
    readonly operations: number;
  };
  /** More than one operation has the name. `candidates`: references that name exactly one. */
  readonly OPERATION_AMBIGUOUS: { readonly operation: string; readonly candidates: readonly string[] };
  /**
   * The policy refuses the operation. `rule`: the rule that does, such as `deny "DELETE *"`; `reason`: the same as the end
   * of a sentence about the policy.
   */
  readonly OPERATION_REFUSED: { readonly operation: string; readonly rule: string; readonly reason: string };
  /** A person has to confirm the call. `reason`: whether nobody could be asked, or whoever was asked has said no. */
  readonly CONFIRMATION_MISSING: { readonly operation: string; readonly reason: "unasked" | "declined" };
  /** Required inputs have no value; all of them are listed. */
  readonly INPUT_MISSING: { readonly operation: string; readonly inputs: readonly string[] };
  /** An input has a value that cannot be sent where the file says. */
  readonly INPUT_INVALID: {
    readonly operation: string;
    readonly input: string;
    /** All of them, if there are several. */
    readonly inputs?: readonly string[];
    /** For each of them, the end of a sentence that begins with its name. */
    readonly problems?: readonly string[];
  };
  /**
   * Rows of a batch cannot be read: the file as a whole, or one row of it. `source`: the file, or `standard input`; `line`:
   * the number of a line, from 1.
   */
  readonly ROW_INVALID: { readonly source?: string; readonly line?: number; readonly columns?: readonly string[] };
  /** The operation declares no such input. */
  readonly INPUT_UNKNOWN: {
    readonly operation: string;
    readonly inputs: readonly string[];
    readonly suggestions: readonly string[];
  };
  /**
   * Bind variables the operation needs have no value. `reasons`: by variable, why its source could not answer; a variable
   * that was looked for and not found has none. `headers`: only the caller of a server can mend it, whose request lacks
   * these fields.
   */
  readonly BIND_MISSING: {
    readonly operation: string;
    readonly variables: readonly string[];
    readonly reasons: Readonly<Record<string, string>>;
    readonly headers?: readonly string[];
  };
  /** The file leaves `baseUri` empty and no option supplies one. */
  readonly BASE_URI_MISSING: { readonly operation: string; readonly namespace: string };
  /** The request cannot be built for a reason that is not an input's. */
  readonly REQUEST_INVALID: { readonly operation: string };
  /**
   * The credential of the API could not be had. `type`: of the authentication; `reason`: the code of an authorization
   * server (RFC 6749, 5.2), or a word such as `login_required`, `no_challenge`, `clock_skew`.
   */
  readonly AUTHENTICATION_FAILED: {
    readonly operation?: string;
    readonly type: string;
    readonly reason: string;
  };
  /**
   * The API answered with a status of 400 or above, or with a redirect that is not followed. `body` is decoded where it
   * is JSON, else text.
   */
  readonly HTTP_STATUS: {
    readonly operation: string;
    readonly status: number;
    readonly headers: ResponseHeaders;
    readonly body: unknown;
    readonly request: { readonly method: string; readonly url: string };
    /** How often it was sent, where more than once. */
    readonly attempts?: number;
    /** How long the API asks to wait. */
    readonly retryAfterMs?: number;
    /** Why it was not sent again, though it might have been. */
    readonly unretried?: string;
  };
  /**
   * Connection, DNS, TLS or protocol failure. `reason`: the system's own code, such as `ECONNREFUSED`. `attempts` and
   * `unretried` as of `HTTP_STATUS`.
   */
  readonly NETWORK: {
    readonly operation?: string;
    readonly reason: string;
    readonly url: string;
    readonly attempts?: number;
    readonly unretried?: string;
  };
  /**
   * No complete answer within the limit, or none that was waited for. `reason`: whether the limit is that of connecting,
   * or the deadline of the whole call; `url` is absent where that has sent nothing yet. `last`: how the last attempt
   * before the deadline ended. `outputs`: what the last answer gave, where one was waited for.
   */
  readonly TIMEOUT: {
    readonly operation?: string;
    readonly timeoutMs: number;
    readonly reason?: "connect" | "deadline";
    readonly url?: string;
    readonly attempts?: number;
    readonly unretried?: string;
    readonly last?: string;
    readonly outputs?: unknown;
  };
  /**
   * The circuit breaker of the host is open: nothing was sent. `retryInMs`: when it lets a call through again; absent
   * while it waits for the answer of the one that it has let through.
   */
  readonly CIRCUIT_OPEN: {
    readonly operation?: string;
    readonly url: string;
    readonly calls: number;
    readonly failures: number;
    readonly retryInMs?: number;
  };
  /** The answer points where the request may not go. `location`: where, cut where it is long; `reason`: why not. */
  readonly REDIRECT_REFUSED: {
    readonly operation?: string;
    readonly url: string;
    readonly location: string;
    readonly reason: string;
  };
  /**
   * The request, or a redirect of it, would go to a host that is not allowed, or to an address that may not be connected
   * to. `address`: that one.
   */
  readonly EGRESS_REFUSED: {
    readonly operation?: string;
    readonly host: string;
    readonly url: string;
    readonly address?: string;
  };
  /** The caller's signal ended the call. */
  readonly ABORTED: { readonly operation?: string };
  /**
   * The body is larger than `maxResponseBytes`, has more values than `maxResponseValues`, takes more than `maxDecodeMs` or
   * the memory for it to be decoded, or what is made of it would be too large. The member that is there tells which.
   */
  readonly RESPONSE_TOO_LARGE: {
    readonly operation?: string;
    readonly maxBytes?: number;
    readonly maxValues?: number;
    readonly maxDecodeMs?: number;
    readonly maxMemoryMib?: number;
    /** Steps that the evaluation of a JSONPath may take. */
    readonly maxSteps?: number;
    /** Characters that a printed result may have. */
    readonly maxCharacters?: number;
    readonly url?: string;
  };
  /**
   * Recorded calls have no answer to the request, or cannot be read or written. `nearest`: the recorded call that differs
   * least, and in what.
   */
  readonly NOT_RECORDED: {
    readonly operation?: string;
    readonly file?: string;
    readonly request?: { readonly method: string; readonly url: string };
    readonly nearest?: {
      readonly method: string;
      readonly url: string;
      readonly differences: readonly RecordedDifference[];
    };
  };
  /** The body is not what `outputRawFormat` says, or that format cannot be decoded. */
  readonly RESPONSE_INVALID: {
    readonly operation?: string;
    readonly format: string;
    readonly status?: number;
    /** Number of the item of a stream, from 1. */
    readonly item?: number;
    readonly body?: string;
  };
  /** A step of an orchestration could not be done, for another reason than its call's. `step`: its name. */
  readonly STEP_FAILED: { readonly operation: string; readonly step: string };
  /**
   * A script of a step gave no result. `reason`: `error` if it threw or is not JavaScript, `file` if it cannot be read,
   * `disabled` and `language` if it may not run, `pending` if its promise never settles, `busy` if too many wait, `result`
   * if what it gave cannot be used; else the limit that it met.
   */
  readonly SCRIPT_FAILED: {
    readonly step: string;
    readonly file: string;
    readonly reason:
      | "busy"
      | "disabled"
      | "error"
      | "file"
      | "language"
      | "memory"
      | "pending"
      | "result"
      | "stack"
      | "statementLimit"
      | "timeout";
  };
  /**
   * This computer could not read or write something: standard output, a file, the working folder. `reason`: the code of
   * the system, such as `ENOSPC`.
   */
  readonly IO_FAILED: { readonly reason: string; readonly path?: string };
  /**
   * A batch is not begun, or not gone on with. `path`: the file that it is about. `reason`: `changed` if it is not what the
   * run began with, `damaged`, `exists` if it would be written over, `busy` if another process has it, whose process id is
   * `pid`, `path` if it cannot be what it is named for.
   */
  readonly BATCH_REFUSED: {
    readonly reason: "busy" | "changed" | "damaged" | "exists" | "path";
    readonly path: string;
    readonly pid?: number;
  };
  /** The queue cannot be reached. `queue`: its URL without user and password; `reason`: the system's own code. */
  readonly QUEUE_UNAVAILABLE: { readonly queue: string; readonly reason: string };
  /** The queue is there and cannot be used. `reason`: why not and what to change, as the end of a sentence about it. */
  readonly QUEUE_REFUSED: { readonly queue: string; readonly reason: string };
  /** The workers that did a row of a batch died, one after the other. */
  readonly WORKER_LOST: { readonly row: number };
  /** The command was called in a way it does not understand. Only the command uses it. */
  readonly USAGE: { readonly usage?: string };
}

/** Facts that an error of any code has where a step of an orchestration has failed. */
interface StepDetails {
  /** Name of the step. */
  readonly step?: string;
}

/** The closed set of error codes. Switch on it; messages may change. */
export type ErrorCode = keyof ErrorDetails;

/** Response header fields by lower-case name; a field that came more than once is a list. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[]>>;

/** A part of a request that is another one in a recorded call. */
export interface RecordedDifference {
  /** `method`, `path`, `query.limit`, `content-type`, `body.items[0].name`. */
  readonly part: string;
  /** As text; absent where the recorded call lacks the part. */
  readonly recorded?: string;
  /** As text; absent where the request lacks the part. */
  readonly asked?: string;
}

/**
 * Kind of a finding. `error`: the file cannot run. `warning`: a call will fail, or send something else than what is
 * written. `departure`: calls do what is written, though the published specification does not allow it. `info`: worth
 * knowing.
 */
export type Severity = "error" | "warning" | "departure" | "info";

/** One finding about a document. */
export interface Diagnostic {
  readonly severity: Severity;
  /** The rule that found it, such as `schema` or `template-syntax`. */
  readonly rule: string;
  readonly message: string;
  /** JSON pointer (RFC 6901) of the value in the document; `""` is the root. */
  readonly pointer: string;
  /** Place in the file, where there is a file. */
  readonly source?: SourceLocation | undefined;
  /** A way out other than changing the file. */
  readonly remedy?: Remedy | undefined;
}

interface CapabilityErrorInit<Code extends ErrorCode> {
  readonly message: string;
  readonly details: ErrorDetails[Code] & StepDetails;
  readonly source?: SourceLocation | undefined;
  /** Where `source` is not known yet: JSON pointer of the declaration the error is about. */
  readonly pointer?: string | undefined;
  readonly remedies?: readonly Remedy[];
  readonly cause?: unknown;
  /** Masks what is printed of the error: its `cause` may be a program's own, which is kept as it is. */
  readonly secrets?: ErrorMask | undefined;
}

/** Mask for printed errors. */
interface ErrorMask {
  error(error: unknown): unknown;
}

/**
 * Everything that goes wrong in a run and is not a mistake in the calling program (those are `TypeError` or
 * `RangeError`). Secrets are masked in `message`, `details` and `remedies`.
 */
export class CapabilityError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "CapabilityError";
  readonly code: Code;
  /** Place in the capability file that the error is about. */
  readonly source?: SourceLocation;
  readonly details: ErrorDetails[Code] & StepDetails;
  /** Ways out, best first; empty if none is known. */
  readonly remedies: readonly Remedy[];
  /** @internal */
  readonly pointer?: string;

  constructor(code: Code, init: CapabilityErrorInit<Code>) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = code;
    this.details = init.details;
    this.remedies = init.remedies ?? [];
    if (init.source !== undefined) this.source = init.source;
    if (init.pointer !== undefined) this.pointer = init.pointer;
    if (init.secrets !== undefined) masks.set(this, init.secrets);
  }

  /**
   * Returns what `JSON.stringify` writes: everything but `cause` and `stack`, which may hold secrets of the program.
   * Integers that JSON of other programs would round are texts.
   */
  toJSON(): CapabilityErrorJson {
    const { name, code, message, source, details, remedies } = this;
    return {
      name,
      code,
      message,
      ...(source === undefined ? {} : { source }),
      // JSON.stringify would refuse a bigint: here its digits are text.
      details: parseExact(stringify(details) ?? "null", "string"),
      remedies,
    };
  }
}

/** A {@link CapabilityError} as JSON. */
export interface CapabilityErrorJson {
  readonly name: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly source?: SourceLocation;
  readonly details: unknown;
  readonly remedies: readonly Remedy[];
}

const masks = new WeakMap<CapabilityError, ErrorMask>();

/** Returns a copy of an error with some members replaced. */
export function changeError<Code extends ErrorCode>(
  error: CapabilityError<Code>,
  changes: Partial<CapabilityErrorInit<Code>>,
): CapabilityError<Code> {
  const { code, message, details, source, pointer, remedies, cause } = error;
  const secrets = masks.get(error);
  return new CapabilityError(code, {
    message,
    details,
    source,
    pointer,
    remedies,
    cause,
    secrets,
    ...changes,
  });
}

// As a property of the prototype, since a declaration cannot name a symbol of Node's registry.
Object.defineProperty(CapabilityError.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value: function (this: CapabilityError, _depth: number, options: InspectOptions, inspect: typeof inspectValue) {
    return inspect(printed(this), options);
  },
});

/** Returns what Node prints for an error: a copy, with secrets masked in its causes too. */
function printed(error: CapabilityError): unknown {
  const { name, message, stack = `${name}: ${message}`, code, source, details, remedies } = error;
  const copy = Object.assign(new Error(message), {
    code,
    ...(source === undefined ? {} : { source }),
    details,
    ...(remedies.length === 0 ? {} : { remedies }),
  });
  Object.defineProperty(copy, "name", { value: name, enumerable: false });
  Object.defineProperty(copy, "stack", { value: stack, enumerable: false });
  if ("cause" in error) Object.defineProperty(copy, "cause", { value: error.cause, enumerable: false });
  return masks.get(error)?.error(copy) ?? copy;
}

/** Tells whether `error` is a {@link CapabilityError} of the given code, and narrows its `details`. */
export function isCapabilityError<Code extends ErrorCode>(error: unknown, code: Code): error is CapabilityError<Code> {
  return error instanceof CapabilityError && error.code === code;
}
