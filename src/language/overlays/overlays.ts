import type { Authentication, Bind } from "../document/document-types.ts";
import type { Pagination } from "./pagination.ts";

/**
 * What is to be different about capabilities whose files are not edited: the content of `naftiko.config.yaml`.
 * `schema/config.schema.json` says what each field means.
 */
export interface Overlays {
  /** By a capability's name, or a glob of `*` and `?`. */
  readonly capabilities?: Readonly<Record<string, Overlay>>;
  /** Laid over `capabilities` where the profile is chosen. */
  readonly profiles?: Readonly<Record<string, { readonly capabilities?: Readonly<Record<string, Overlay>> }>>;
}

/** What is different about one capability. Texts may hold variables, `{{NAME}}`. */
export interface Overlay extends CallOverlay, HostOverlay, ConnectionOverlay {
  /** One for every adapter, or one per namespace. */
  readonly baseUri?: string | Readonly<Record<string, string>>;
  /** One for every adapter, or one per namespace. */
  readonly authentication?: AuthenticationOverlay | Readonly<Record<string, AuthenticationOverlay>>;
  readonly binds?: readonly Bind[];
  /** By any text that names an operation. */
  readonly operations?: Readonly<Record<string, OperationOverlay>>;
}

/** A declaration in the form a capability file has it, or `"none"` for no credential. */
export type AuthenticationOverlay = "none" | Authentication;

/** What is different about one operation. It beats what the overlay says of the whole capability. */
export interface OperationOverlay extends CallOverlay {
  readonly aliases?: readonly string[];
  /** How the operation hands out a list in pages. */
  readonly pagination?: Pagination;
  readonly outputs?: {
    /** New names by the names in the file. */
    readonly rename?: Readonly<Record<string, string>>;
    /** JSONPaths of further outputs by name. */
    readonly add?: Readonly<Record<string, string>>;
  };
}

/** What may be said of a whole capability, and of one operation. */
export interface CallOverlay extends SendingOverlay {
  /** Values for inputs that a caller leaves out; `null` takes back what an overlay below says. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
}

/** How requests are sent. */
export interface SendingOverlay {
  readonly timeoutMs?: number;
  readonly connectTimeoutMs?: number;
  readonly deadlineMs?: number;
  readonly retries?: number;
  /** Whether a request may be repeated whatever its method. */
  readonly idempotent?: boolean;
  /** Whether each call gets a key that its attempts share; or the header for it, in place of `Idempotency-Key`. */
  readonly idempotencyKey?: boolean | string;
  /** Whether answers are kept for later calls. */
  readonly cache?: boolean;
}

/** What the requests to each host are held to. */
export interface HostOverlay {
  readonly requestsPerSecond?: number;
  readonly concurrency?: number;
  /** `true`: with its defaults. */
  readonly circuitBreaker?: boolean | CircuitBreakerOverlay;
}

/** Where requests go, and how they get there. */
export interface ConnectionOverlay {
  /** Hosts that requests may go to: names, `*.example.com`, `*`. */
  readonly allowHosts?: readonly string[];
  /** Which addresses may be connected to. */
  readonly egress?: "any" | "public";
  /** File of certificates in PEM that are trusted too; relative to the configuration file. */
  readonly caFile?: string;
}

/** When nothing more is sent to a host, and for how long. */
export interface CircuitBreakerOverlay {
  readonly errorRate?: number;
  readonly minimumCalls?: number;
  readonly windowMs?: number;
  readonly openMs?: number;
}
