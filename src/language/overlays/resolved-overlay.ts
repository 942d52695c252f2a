import type { SourceLocation } from "../../base/source-location.ts";
import type { AuthenticationOverlay, SendingOverlay } from "./overlays.ts";
import type { Pagination } from "./pagination.ts";
import type { CapabilityOverlay } from "./sending-settings.ts";

/** Place where an overlay sets a value. */
export interface OverlayOrigin {
  /** Setting as a path within the overlay: `baseUri`, `headers.X-Version`. */
  readonly setting: string;
  /** Name or glob that the overlay is under. */
  readonly capability: string;
  /** Profile that the overlay belongs to. */
  readonly profile?: string;
  /** JSON pointer (RFC 6901) of the value in the configuration. */
  readonly pointer: string;
  /** Place of the value in the file. Absent if a program gave the overlays. */
  readonly source?: SourceLocation;
  /** Place of the key. */
  readonly keySource?: SourceLocation;
}

/** Value that an overlay sets, and its place. */
export interface Setting<Value> {
  readonly value: Value;
  readonly origin: OverlayOrigin;
}

/** The members of a part of an overlay, each with its place. */
export type Settings<Part> = { readonly [Name in keyof Part]?: Setting<NonNullable<Part[Name]>> };

/** Settings for sending an operation's requests. */
export type SendingSettings = Settings<SendingOverlay & CapabilityOverlay>;

/** Header as it is written. It is kept under its name in lower case. */
export interface HeaderSetting {
  readonly name: string;
  readonly value: string | number | boolean;
}

/** One variable that an overlay declares. */
export interface VariableSetting {
  readonly namespace: string;
  readonly name: string;
  /** Name inside the source. */
  readonly key: string;
  readonly location?: string;
}

/** Settings of an overlay for one operation, or for all. */
export interface CallSettings extends Settings<SendingOverlay> {
  /** By input name. */
  readonly inputs: ReadonlyMap<string, Setting<unknown>>;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, Setting<HeaderSetting>>;
}

export interface OperationSettings extends CallSettings {
  readonly aliases: readonly Setting<string>[];
  readonly pagination?: Setting<Pagination>;
  /** New names of outputs, by the names in the file. */
  readonly rename: ReadonlyMap<string, Setting<string>>;
  /** JSONPaths of further outputs, by name. */
  readonly add: ReadonlyMap<string, Setting<string>>;
}

/** Settings of all matching overlays for one capability, merged value by value. */
export interface ResolvedOverlay extends CallSettings, Settings<CapabilityOverlay> {
  /** By namespace; `"*"` is for every other one. */
  readonly baseUris: ReadonlyMap<string, Setting<string>>;
  /** By namespace; `"*"` is for every other one. */
  readonly authentication: ReadonlyMap<string, Setting<AuthenticationOverlay>>;
  /** Variables, those of the strongest layer first. */
  readonly binds: readonly Setting<VariableSetting>[];
  /**
   * Settings by reference, the weakest layer first. Two references may name one operation, so they are merged when the
   * operations are known.
   */
  readonly operations: readonly {
    readonly reference: string;
    readonly origin: OverlayOrigin;
    readonly settings: OperationSettings;
  }[];
  /** Folder of the configuration file, where relative paths start. */
  readonly directory?: string;
}
