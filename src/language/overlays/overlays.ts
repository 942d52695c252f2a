import type { AuthenticationDeclaration, Bind } from "../document/document-types.ts";
import type { Pagination } from "./pagination.ts";

/**
 * Changes to capabilities whose files are not edited: the content of `naftiko.config.yaml`. `schema/config.schema.json`
 * says what each field means.
 */
export interface Overlays {
  /** By a capability's name, or a glob of `*` and `?`. */
  readonly capabilities?: Readonly<Record<string, Overlay>>;
  /** Laid over `capabilities` if the profile is chosen. */
  readonly profiles?: Readonly<Record<string, Profile>>;
  /** What may be called, of all capabilities. */
  readonly policy?: PolicySetting;
  /** Customers of a server. */
  readonly tenants?: TenantSetting;
  /** Rules that `naftiko validate` leaves out. */
  readonly validate?: {
    readonly ignore?: readonly string[];
    /** By the path of files from the configuration's folder on, or a glob of `*` and `?`. */
    readonly files?: Readonly<Record<string, readonly string[]>>;
  };
}

/** Further overlays. */
interface Profile {
  readonly capabilities?: Readonly<Record<string, Overlay>>;
  /** Holds besides that of the configuration. */
  readonly policy?: PolicySetting;
}

/** How a server tells its customers apart: exactly one of `claim`, `apiKeys` and `header` is there. */
export interface TenantSetting {
  /** Claim of access tokens. */
  readonly claim?: string;
  /** Hashes of keys by tenant, or the path of a file that has them. */
  readonly apiKeys?: string | TenantKeyHashes;
  /** Header field that a gateway sets. */
  readonly header?: string;
  readonly refreshMs?: number;
}

/** `sha256:` and the hash of each key, by tenant. */
type TenantKeyHashes = Readonly<Record<string, string | readonly string[]>>;

/** What may be called. Every rule narrows: nothing in it allows what another policy refuses. */
export interface PolicySetting {
  /** Patterns of operations. If there are some, no others may be called. */
  readonly allow?: readonly string[] | undefined;
  /** Patterns of operations that may not be called. */
  readonly deny?: readonly string[] | undefined;
  /** Whether only GET and HEAD may be called. */
  readonly readOnly?: boolean | undefined;
  /** Tags, one of which an operation has to carry. */
  readonly toolset?: readonly string[] | undefined;
  /** What a person has to confirm: every call but GET and HEAD, or DELETE. */
  readonly confirm?: "writes" | "destructive" | undefined;
}

/** Changes to one capability. Texts may hold variables, `{{NAME}}`. */
export interface Overlay extends CallOverlay, HostOverlay, ConnectionOverlay {
  /** One for every adapter, or one per namespace. */
  readonly baseUri?: string | Readonly<Record<string, string>>;
  /** One for every adapter, or one per namespace. */
  readonly authentication?: AuthenticationOverlay | Readonly<Record<string, AuthenticationOverlay>>;
  readonly binds?: readonly Bind[];
  /** By any text that names an operation. */
  readonly operations?: Readonly<Record<string, OperationOverlay>>;
}

/** Declaration in the form of a capability file, or `"none"` for no credential. */
export type AuthenticationOverlay = "none" | AuthenticationDeclaration;

/** Changes to one operation. They beat those to the whole capability. */
export interface OperationOverlay extends CallOverlay {
  readonly aliases?: readonly string[];
  /** How the operation returns a list in pages. */
  readonly pagination?: Pagination;
  readonly outputs?: {
    /** New names by the names in the file. */
    readonly rename?: Readonly<Record<string, string>>;
    /** JSONPaths of further outputs by name. */
    readonly add?: Readonly<Record<string, string>>;
  };
}

/** Changes to a whole capability or to one operation. */
export interface CallOverlay extends SendingOverlay {
  /** Values for inputs that a caller leaves out. `null` removes the value of an overlay below. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
}

/** Settings for sending requests. */
export interface SendingOverlay {
  readonly timeoutMs?: number;
  readonly connectTimeoutMs?: number;
  readonly deadlineMs?: number;
  readonly retries?: number;
  /** Whether a request may be repeated whatever its method. */
  readonly idempotent?: boolean;
  /** Whether each call gets a key that its attempts share, or the header for it, in place of `Idempotency-Key`. */
  readonly idempotencyKey?: boolean | string;
  /** Whether answers are kept for later calls. */
  readonly cache?: boolean;
}

/** Limits for the requests to each host. */
export interface HostOverlay {
  readonly requestsPerSecond?: number;
  readonly concurrency?: number;
  /** `true` for its defaults. */
  readonly circuitBreaker?: boolean | CircuitBreakerOverlay;
}

/** Settings for the hosts of requests and the way to them. */
export interface ConnectionOverlay {
  /** Hosts that requests may go to: names, `*.example.com`, `*`. */
  readonly allowHosts?: readonly string[];
  /** Addresses that may be connected to. */
  readonly egress?: "any" | "public";
  /** File of further trusted certificates in PEM, relative to the configuration file. */
  readonly caFile?: string;
}

/** Settings for when no more requests are sent to a host, and for how long. */
export interface CircuitBreakerOverlay {
  readonly errorRate?: number;
  readonly minimumCalls?: number;
  readonly windowMs?: number;
  readonly openMs?: number;
}
