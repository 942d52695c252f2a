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
export interface Overlay extends CallOverlay {
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
export interface CallOverlay {
  /** Values for inputs that a caller leaves out; `null` takes back what an overlay below says. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  readonly timeoutMs?: number;
  readonly retries?: number;
  /** Whether answers are kept for later calls. */
  readonly cache?: boolean;
}
