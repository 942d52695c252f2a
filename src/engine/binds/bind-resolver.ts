import { abortedError } from "../../base/aborted-error.ts";
import { CapabilityError } from "../../base/capability-error.ts";
import { getOrSet } from "../../base/get-or-set.ts";
import type { SecretMask } from "../../base/mask-secrets.ts";
import { orAborted } from "../../base/or-aborted.ts";
import { RemediedError, type Remedy } from "../../base/remedy.ts";
import type { SourceLocation } from "../../base/source-location.ts";
import { isOfCaller } from "../../language/document/caller-field.ts";
import type { BindVariable } from "../../language/document/declared-binds.ts";
import { type UndeclaredName, undeclaredText } from "../../language/model/undeclared-name.ts";
import { askSource, type BindAnswer, describeSource, servesVariable } from "./ask-source.ts";
import type { BindSource } from "./bind-source.ts";
import type { CallerFields } from "./caller-fields.ts";

/** The values of the variables of a call. */
export type BindValues = ReadonlyMap<BindVariable, string>;

/** Undeclared name, and the place of the template that has it: in the file, or in a configuration. */
export interface PlacedName extends UndeclaredName {
  readonly place: { readonly pointer?: string; readonly source?: SourceLocation | undefined };
}

export interface BindRequest {
  /** Name of the operation, for messages. */
  readonly operation: string;
  readonly variables: readonly BindVariable[];
  readonly undeclared: readonly PlacedName[];
  /** The variables whose value may be an empty text. For all others it counts as missing. */
  readonly mayBeEmpty: ReadonlySet<BindVariable>;
}

/**
 * Looks values up through a chain of sources when they are needed. The first source that has one answers. A source that
 * fails ends the look-up, because a later source might have another value. Values are kept for the life of the resolver or
 * for a time, and concurrent look-ups of one variable share an answer. Values of callers are not kept: each call reads its
 * own.
 */
export class BindResolver {
  readonly #sources: readonly BindSource[];
  readonly #secrets: SecretMask;
  readonly #timeoutMs: number;
  #values = new Map<BindVariable, string>();
  readonly #pending = new Map<BindVariable, Promise<BindAnswer>>();
  readonly #renewal: Renewal | undefined;

  /**
   * @param timeoutMs time limit of one source for one variable; `0` means no limit
   * @param renewMs time after which values are read again. `undefined`: never
   */
  constructor(sources: readonly BindSource[], secrets: SecretMask, timeoutMs: number, renewMs?: number) {
    this.#sources = sources;
    this.#secrets = secrets;
    this.#timeoutMs = timeoutMs;
    this.#renewal =
      renewMs === undefined ? undefined : { everyMs: renewMs, readAt: performance.now(), work: undefined };
  }

  /**
   * Returns the values of all variables of a request.
   *
   * @param signal ends this wait; shared look-ups continue
   * @param caller fields of the request that is answered. `undefined`: nothing is served
   * @throws CapabilityError `BIND_MISSING` naming every variable without a value, its bind, where it was looked for, and
   *   why a source could not answer; `ABORTED`
   */
  resolve(request: BindRequest, signal?: AbortSignal, caller?: CallerFields): BindValues | Promise<BindValues> {
    const renewed = this.#renewal === undefined ? undefined : this.#renew(this.#renewal);
    if (renewed !== undefined) return renewed.then(() => this.#resolve(request, signal, caller));
    return this.#resolve(request, signal, caller);
  }

  #resolve(
    request: BindRequest,
    signal: AbortSignal | undefined,
    caller: CallerFields | undefined,
  ): BindValues | Promise<BindValues> {
    const isKnown = request.undeclared.length === 0 && request.variables.every(variable => this.#values.has(variable));
    return isKnown ? this.#values : this.#resolveUnknown(request, signal, caller);
  }

  async #resolveUnknown(
    request: BindRequest,
    signal: AbortSignal | undefined,
    caller: CallerFields | undefined,
  ): Promise<BindValues> {
    const unknown = [...new Set(request.variables)].filter(variable => !this.#values.has(variable));
    const looking = unknown.map(variable => (isOfCaller(variable) && caller ? caller.find(variable.key) : undefined));
    const answers = await orAborted(
      Promise.all(looking.map((answer, index) => this.#orLookup(answer, unknown[index] as BindVariable))),
      signal,
      () => abortedError(request.operation, signal),
    );
    const missing: Missing[] = [];
    // An empty value is of this request alone, as another may need one; so are values of its caller.
    const own: [BindVariable, string][] = [];
    for (const [index, variable] of unknown.entries()) {
      const answer = answers[index] ?? { kind: "none" };
      if (answer.kind === "empty" && request.mayBeEmpty.has(variable)) own.push([variable, ""]);
      else if (answer.kind !== "value") missing.push({ variable, answer });
      else if (isOfCaller(variable)) own.push([variable, answer.value]);
    }
    if (missing.length > 0 || request.undeclared.length > 0)
      throw this.#missingError(request, missing, caller !== undefined);
    return own.length === 0 ? this.#values : new Map([...this.#values, ...own]);
  }

  /**
   * Reads the values again when their time is over. Calls go on with the old ones meanwhile, but for the first calls after a
   * long pause: these would be sent with a credential that ended long ago.
   *
   * @returns what calls have to wait for
   */
  #renew(renewal: Renewal): Promise<void> | undefined {
    const ageMs = performance.now() - renewal.readAt;
    if (ageMs < renewal.everyMs || this.#values.size === 0) return undefined;
    renewal.work ??= this.#readAgain().finally(() => {
      renewal.readAt = performance.now();
      renewal.work = undefined;
    });
    return ageMs < LONG_PAUSE * renewal.everyMs ? undefined : renewal.work;
  }

  /** Reads all values again. A source that cannot answer leaves the old value; one that has none any longer takes it away. */
  async #readAgain(): Promise<void> {
    const old = new Map(this.#values);
    const values = new Map<BindVariable, string>();
    await Promise.all(
      [...old].map(async ([variable, value]) => {
        const answer = await this.#askSources(variable).catch(() => undefined);
        if (answer === undefined || answer.kind === "failed") values.set(variable, value);
        else if (answer.kind === "value") values.set(variable, answer.value);
      }),
    );
    // Others may have been looked up meanwhile.
    for (const [variable, value] of this.#values) if (!old.has(variable)) values.set(variable, value);
    this.#values = values;
  }

  /** Looks up what the request of a caller lacks: a program may bring it. Else the caller's answer stands. */
  async #orLookup(answer: BindAnswer | undefined, variable: BindVariable): Promise<BindAnswer> {
    if (answer !== undefined && answer.kind !== "none") return answer;
    const found = await this.#lookup(variable);
    return answer === undefined || found.kind === "value" ? found : answer;
  }

  /** Returns whether a variable has a value, without the value. */
  async state(variable: BindVariable): Promise<BindState> {
    const answer = await this.#lookup(variable);
    if (answer.kind === "failed") {
      const reason = this.#secrets.text(answer.reason);
      return { kind: "failed", reason, remedy: RemediedError.remedyOf(answer.error) };
    }
    return { kind: answer.kind === "value" ? "set" : "missing" };
  }

  /** Returns the places where a variable is looked up, for people. */
  describe(variable: BindVariable): string {
    const sources = this.#sources.filter(source => servesVariable(source, variable));
    if (sources.length === 0) return `${variable.location}: no source for this location`;
    return [...new Set(sources.map(source => describeSource(source, variable)))].join(", ");
  }

  #lookup(variable: BindVariable): Promise<BindAnswer> {
    return getOrSet(this.#pending, variable, () => this.#ask(variable).finally(() => this.#pending.delete(variable)));
  }

  async #ask(variable: BindVariable): Promise<BindAnswer> {
    const known = this.#values.get(variable);
    if (known !== undefined) return { kind: "value", value: known };
    const answer = await this.#askSources(variable);
    if (answer.kind === "value" && !isOfCaller(variable)) this.#values.set(variable, answer.value);
    return answer;
  }

  async #askSources(variable: BindVariable): Promise<BindAnswer> {
    let none: BindAnswer = { kind: "none" };
    for (const source of this.#sources) {
      if (!servesVariable(source, variable)) continue;
      const answer = await askSource(source, variable, this.#timeoutMs);
      if (answer.kind === "empty") none = answer;
      if (answer.kind === "none" || answer.kind === "empty") continue;
      if (answer.kind === "value") this.#secrets.add(answer.value);
      return answer;
    }
    return none;
  }

  /** @param isServed whether the variables of callers were looked for in a request */
  #missingError(
    { operation, undeclared }: BindRequest,
    missing: readonly Missing[],
    isServed: boolean,
  ): CapabilityError {
    const reasons = new Map<string, string>();
    for (const { variable, answer } of missing) if (answer.kind === "failed") reasons.set(variable.name, answer.reason);
    const [first] = missing;
    const isOfCallerAlone =
      isServed && undeclared.length === 0 && missing.every(({ variable }) => isOfCaller(variable));
    const failed = missing.find(({ answer }) => answer.kind === "failed")?.answer;
    const listed = [
      ...undeclared.map(undeclaredText),
      ...missing.map(({ variable, answer }) => this.#explain(variable, answer)),
    ];
    return new CapabilityError("BIND_MISSING", {
      ...(undeclared[0]?.place ?? (first && variablePlace(first.variable))),
      message: `Cannot prepare operation "${operation}": no value for ${listed.join("; ")}`,
      details: {
        operation,
        variables: [...undeclared.map(({ name }) => name), ...missing.map(({ variable }) => variable.name)],
        reasons: Object.fromEntries(reasons),
        ...(isOfCallerAlone ? { headers: missing.map(({ variable }) => variable.key.toLowerCase()) } : {}),
      },
      remedies: missing.flatMap(remedyFor),
      ...(failed?.kind === "failed" ? { cause: failed.error } : {}),
    });
  }

  #explain(variable: BindVariable, answer: BindAnswer): string {
    const reason = answer.kind === "failed" ? `: ${answer.reason}` : "";
    const undeclared = variable.undeclared ? ", which does not declare it" : "";
    const { name, namespace } = variable;
    return `${name} of bind "${namespace}"${undeclared} (looked for ${this.describe(variable)}${reason})`;
  }
}

/** Reading values again. */
interface Renewal {
  readonly everyMs: number;
  /** When values were read last, of `performance.now()`. */
  readAt: number;
  work: Promise<void> | undefined;
}

/** Times that values may outlive their time before calls wait for newer ones. */
const LONG_PAUSE = 10;

/** The state of a variable. `failed`: the source could not answer. `reason` contains no secret. */
type BindState =
  | { readonly kind: "set" | "missing" }
  | { readonly kind: "failed"; readonly reason: string; readonly remedy: Remedy | undefined };

function variablePlace({ fromConfig, source, pointer }: BindVariable) {
  return fromConfig ? { source } : { pointer };
}

/**
 * Returns what to do about a missing value: a source may know what it lacks, and a variable of the environment can be
 * set.
 */
function remedyFor({ variable: { key, location }, answer }: Missing): Remedy | [] {
  const known = answer.kind === "failed" ? RemediedError.remedyOf(answer.error) : undefined;
  return known ?? (location === undefined ? { variable: key } : []);
}

interface Missing {
  readonly variable: BindVariable;
  readonly answer: BindAnswer;
}
