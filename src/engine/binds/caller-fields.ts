import { createHmac, randomBytes } from "node:crypto";
import { SecretMask } from "../../base/mask-secrets.ts";
import { callerFieldProblem } from "../../language/document/caller-field.ts";
import type { BindAnswer } from "./ask-source.ts";

/** Gives the values of a header field, by its name in lower case. */
type FieldReader = (name: string) => readonly string[] | undefined;

/** Proof that a request has the same values as another had, which holds none of them. */
export interface CallerSeal {
  readonly names: readonly string[];
  readonly digest: string;
}

/** Longest value. Every spelling of it is looked for in answers. */
const LONGEST_VALUE = 8_192;
const VISIBLE = /^[\x20-\x7e]*$/;
const sealKey = randomBytes(32);

/**
 * The header fields of one request that a server answers, for variables of the location `request:`. Values are read when a
 * call of the request needs them, and live as long as it does.
 */
export class CallerFields {
  /** Tenant that the caller belongs to. `undefined`: the server has no tenants. */
  readonly tenant: string | undefined;
  readonly #read: FieldReader;
  readonly #names = new Set<string>();
  #mask: SecretMask | undefined;

  constructor(read: FieldReader, tenant?: string) {
    this.#read = read;
    this.tenant = tenant;
  }

  /** The fields that calls have read, in lower case. */
  get names(): ReadonlySet<string> {
    return this.#names;
  }

  /** The secrets of the request: texts about its calls are masked by it, besides those of the capability. */
  get mask(): SecretMask {
    this.#mask ??= new SecretMask();
    return this.#mask;
  }

  /** Reads the field that a variable names, and remembers it as a secret. */
  find(key: string): BindAnswer {
    const problem = callerFieldProblem(key);
    if (problem !== undefined) return failed(`this field ${problem}`);
    const name = key.toLowerCase();
    this.#names.add(name);
    const values = this.#read(name);
    const [value] = values ?? [];
    if (values === undefined || value === undefined) return { kind: "none" };
    if (values.length > 1) return failed("the request has it more than once");
    if (value === "") return { kind: "empty" };
    if (value.length > LONGEST_VALUE) return failed(`it is longer than ${LONGEST_VALUE} characters`);
    if (!VISIBLE.test(value)) return failed("it has characters beyond printable ASCII");
    this.mask.add(value);
    return { kind: "value", value };
  }

  /** Seals the values that were read. `undefined`: none was. */
  seal(): CallerSeal | undefined {
    return this.#names.size === 0 ? undefined : this.#sealed([...this.#names].sort());
  }

  /** Tells whether the request has the values that were sealed. */
  matches({ names, digest }: CallerSeal): boolean {
    return this.#sealed(names).digest === digest;
  }

  #sealed(names: readonly string[]): CallerSeal {
    const values = names.map(name => this.#read(name) ?? []);
    return { names, digest: createHmac("sha256", sealKey).update(JSON.stringify(values)).digest("base64") };
  }

  /** Masks the values of the request in an error. Returns `error` itself if it holds none. */
  error(error: unknown): unknown {
    return this.#mask === undefined ? error : this.#mask.error(error);
  }

  /** Masks the values of the request in bytes. */
  bytes(bytes: Uint8Array): Uint8Array {
    return this.#mask === undefined ? bytes : this.#mask.bytes(bytes);
  }

  /** Masks the values of the request in a value. */
  value<Value>(value: Value): Value {
    return this.#mask === undefined ? value : (this.#mask.value(value) as Value);
  }
}

function failed(reason: string): BindAnswer {
  return { kind: "failed", reason, error: new Error(reason) };
}
