import type { SecretMask } from "../base/mask-secrets.ts";
import type { NumberForm } from "../base/numbers/exact-number.ts";
import type { Document } from "../language/document/document.ts";
import type { LoadedOverlays } from "../language/overlays/load-overlays.ts";
import type { CacheOptions } from "../net/cache/response-cache.ts";
import type { Observe } from "../net/layers/exchange-event.ts";
import type { Sharing } from "../sharing/sharing.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { LoginStore } from "./authentication/login-store.ts";
import type { BindSource, BindValuesByKey } from "./binds/bind-source.ts";
import type { OpenOptions, OpenSettings } from "./open-options.ts";

/** Everything that opening takes besides options: effects, and parts that a surface brings. */
export interface Surroundings {
  /** Folder that relative paths and `./capabilities` are below. */
  readonly cwd: string;
  /** Learns the secrets that calls use. */
  readonly secrets: SecretMask;
  /** Values of binds without a `location`, in place of those in `env`, which then holds settings alone. */
  readonly bindValues?: BindValuesByKey | undefined;
  /** Asked for a bind before the environment. */
  readonly firstSources?: readonly BindSource[];
  /** Asked for a bind after the environment, in place of its `location`. */
  readonly sources?: readonly BindSource[] | undefined;
  /** Overlays of a configuration file, in place of those of the options. */
  readonly overlays?: LoadedOverlays | undefined;
  /** Form of large numbers in answers, in place of the option `largeIntegers`. */
  readonly numbers?: NumberForm | undefined;
  /** In place of the user's own. */
  readonly logins?: LoginStore;
  /** In place of the system's clock: milliseconds since 1970. */
  readonly now?: () => number;
  /** Place of the answers of operations for which only an overlay turns the cache on. */
  readonly overlaidCache?: CacheOptions | undefined;
  /** Called for each event of each exchange. */
  readonly observe?: Observe;
  /** Follows calls. Absent: nothing is measured. */
  readonly telemetry?: Telemetry | undefined;
  /** State that is shared with other processes: limits of hosts, tokens. Absent: none is. */
  readonly sharing?: Sharing | undefined;
  /** Each call is of a tenant, and shares nothing with those of others. Absent: there are no tenants. */
  readonly tenants?: TenantOptions | undefined;
  /** The tenant that all calls are of. */
  readonly tenant?: string | undefined;
  /** Whether a sandbox answers, which no token, certificate or signature is needed for. */
  readonly inSandbox?: boolean;
  /** Called with a note if the name is that of a capability of the package too. */
  readonly onHidden?: (note: string) => void;
}

/** What calls of tenants have in common. */
export interface TenantOptions {
  /** Time after which the secrets of a tenant are read again, in milliseconds. */
  readonly renewMs: number;
}

/** How a capability was opened. */
export interface Opening {
  readonly source: Document;
  /** The options as given: they win over overlays. */
  readonly options: OpenOptions;
  /** The options with their defaults. */
  readonly settings: OpenSettings;
  readonly surroundings: Surroundings;
}
