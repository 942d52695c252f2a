import { pointerSegment } from "../../base/json-pointer.ts";
import type { SourcePositions } from "../document/source-positions.ts";
import { writtenMember } from "../document/written-numbers.ts";
import { isGlob, matchesGlob } from "./matches-glob.ts";
import { emptyCallSettings, mergeCallSettings } from "./merge-settings.ts";
import type {
  AuthenticationOverlay,
  CallOverlay,
  OperationOverlay,
  Overlay,
  Overlays,
  SendingOverlay,
} from "./overlays.ts";
import type {
  CallSettings,
  OperationSettings,
  OverlayOrigin,
  ResolvedOverlay,
  Setting,
  Settings,
  VariableSetting,
} from "./resolved-overlay.ts";
import { CAPABILITY_NAMES, type CapabilityOverlay, OPERATION_NAMES } from "./sending-settings.ts";

/** Choice of overlays. */
export interface OverlayChoice {
  readonly capability: string;
  readonly profile?: string | undefined;
}

/** Overlay that matches, and its place. */
interface MatchingOverlay {
  readonly overlay: Overlay;
  readonly at: Place;
}

/**
 * Merges the settings of valid overlays for one capability. A profile beats the base. In each of them, a name beats a
 * glob, and a later glob an earlier one.
 *
 * @returns `undefined` if no overlay matches
 */
export function resolveOverlay(
  overlays: Overlays,
  choice: OverlayChoice,
  positions: SourcePositions,
): ResolvedOverlay | undefined {
  const layers = [...matchingOverlays(overlays, choice, positions)];
  if (layers.length === 0) return undefined;
  let baseUris: ResolvedOverlay["baseUris"] = new Map();
  let authentication: ResolvedOverlay["authentication"] = new Map();
  let call = emptyCallSettings;
  let whole: Settings<CapabilityOverlay> = {};
  const binds: Setting<VariableSetting>[] = [];
  const operations: ResolvedOverlay["operations"][number][] = [];
  for (const { overlay, at } of layers) {
    baseUris = mergeByNamespace(baseUris, byNamespace(overlay.baseUri, isText, at.below("baseUri")));
    authentication = mergeByNamespace(
      authentication,
      byNamespace(overlay.authentication, isAuthentication, at.below("authentication")),
    );
    call = mergeCallSettings(call, callSettings(overlay, at));
    whole = { ...whole, ...partSettings<CapabilityOverlay>(overlay, CAPABILITY_NAMES, at) };
    binds.unshift(...variableSettings(overlay, at.below("binds")));
    for (const [reference, operation] of Object.entries(overlay.operations ?? {})) {
      const place = at.below("operations").below(reference);
      operations.push({ reference, origin: place.origin(), settings: operationSettings(operation, place) });
    }
  }
  return { ...call, ...whole, baseUris, authentication, binds, operations };
}

function* matchingOverlays(
  { capabilities, profiles = {} }: Overlays,
  { capability, profile }: OverlayChoice,
  positions: SourcePositions,
): Generator<MatchingOverlay> {
  const base = new Place(positions, "/capabilities", { setting: "", capability: "" });
  yield* matching(capabilities, capability, base);
  if (profile === undefined || !Object.hasOwn(profiles, profile)) return;
  const pointer = `/profiles/${pointerSegment(profile)}/capabilities`;
  const place = new Place(positions, pointer, { setting: "", capability: "", profile });
  yield* matching(profiles[profile]?.capabilities, capability, place);
}

function* matching(overlays: Overlays["capabilities"] = {}, name: string, at: Place): Generator<MatchingOverlay> {
  for (const [pattern, overlay] of Object.entries(overlays)) {
    if (isGlob(pattern) && matchesGlob(pattern, name)) yield { overlay, at: at.overlay(pattern) };
  }
  const own = Object.hasOwn(overlays, name) && !isGlob(name) ? overlays[name] : undefined;
  if (own !== undefined) yield { overlay: own, at: at.overlay(name) };
}

/** Place in the configuration. */
class Place {
  readonly #positions: SourcePositions;
  readonly #pointer: string;
  readonly #origin: Pick<OverlayOrigin, "setting" | "capability" | "profile">;

  constructor(
    positions: SourcePositions,
    pointer: string,
    origin: Pick<OverlayOrigin, "setting" | "capability" | "profile">,
  ) {
    this.#positions = positions;
    this.#pointer = pointer;
    this.#origin = origin;
  }

  /** Returns the place of the overlay under a name or glob: settings are named from there. */
  overlay(capability: string): Place {
    const pointer = `${this.#pointer}/${pointerSegment(capability)}`;
    return new Place(this.#positions, pointer, { ...this.#origin, setting: "", capability });
  }

  below(name: string): Place {
    const { setting } = this.#origin;
    const pointer = `${this.#pointer}/${pointerSegment(name)}`;
    const below = setting === "" ? name : `${setting}.${name}`;
    return new Place(this.#positions, pointer, { ...this.#origin, setting: below });
  }

  /** Returns the place of an item of a list, which has no name of its own. */
  item(index: number): Place {
    return new Place(this.#positions, `${this.#pointer}/${index}`, this.#origin);
  }

  origin(): OverlayOrigin {
    const pointer = this.#pointer;
    const source = this.#positions.find(pointer);
    const keySource = this.#positions.find(pointer, "key");
    return source === undefined || keySource === undefined
      ? { ...this.#origin, pointer }
      : { ...this.#origin, pointer, source, keySource };
  }
}

function variableSettings({ binds = [] }: Overlay, at: Place): Setting<VariableSetting>[] {
  return binds.flatMap(({ namespace, keys, location }, index) => {
    const place = at.item(index).below("keys");
    return Object.entries(keys).map(([name, key]) => ({
      value: { namespace, name, key, ...(location === undefined ? {} : { location }) },
      origin: place.below(name).origin(),
    }));
  });
}

function callSettings(overlay: CallOverlay, at: Place): CallSettings {
  const { inputs, headers } = overlay;
  return {
    ...partSettings<SendingOverlay>(overlay, OPERATION_NAMES, at),
    inputs: settings(inputs, at.below("inputs")),
    headers: new Map(
      Object.entries(headers ?? {}).map(([name, value]) => {
        const origin = at.below("headers").below(name).origin();
        return [name.toLowerCase(), { value: { name, value }, origin }];
      }),
    ),
  };
}

/** Returns the fields that a part of an overlay sets. */
function partSettings<Part>(part: Part, fields: readonly (keyof Part & string)[], at: Place): Settings<Part> {
  const set = fields.flatMap(name =>
    part[name] === undefined ? [] : [[name, { value: part[name], origin: at.below(name).origin() }]],
  );
  // Typed by `fields`, which `Object.fromEntries` does not follow.
  return Object.fromEntries(set) as Settings<Part>;
}

function operationSettings(overlay: OperationOverlay, at: Place): OperationSettings {
  const { aliases = [], outputs = {}, pagination } = overlay;
  const places = at.below("outputs");
  return {
    ...callSettings(overlay, at),
    aliases: aliases.map((value, index) => ({
      value,
      origin: at.below("aliases").item(index).origin(),
    })),
    ...(pagination === undefined ? {} : { pagination: { value: pagination, origin: at.below("pagination").origin() } }),
    rename: settings(outputs.rename, places.below("rename")),
    add: settings(outputs.add, places.below("add")),
  };
}

function settings<Value>(values: Readonly<Record<string, Value>> = {}, at: Place): ReadonlyMap<string, Setting<Value>> {
  // A number of the file has its digits.
  const valueAt = (name: string) => writtenMember(values, name) as Value;
  return new Map(Object.keys(values).map(name => [name, { value: valueAt(name), origin: at.below(name).origin() }]));
}

/** Returns values by namespace. A value for every namespace is under `"*"`. */
function byNamespace<Value>(
  value: Value | Readonly<Record<string, Value>> | undefined,
  isValue: (value: Value | Readonly<Record<string, Value>>) => value is Value,
  at: Place,
): ReadonlyMap<string, Setting<Value>> {
  if (value === undefined) return new Map();
  return isValue(value) ? new Map([["*", { value, origin: at.origin() }]]) : settings(value, at);
}

/**
 * Merges two layers of values by namespace. A value for every namespace replaces all values of the layer below; a value
 * for one namespace replaces only that.
 */
function mergeByNamespace<Value>(
  below: ReadonlyMap<string, Setting<Value>>,
  above: ReadonlyMap<string, Setting<Value>>,
): ReadonlyMap<string, Setting<Value>> {
  return above.has("*") ? above : new Map([...below, ...above]);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isAuthentication(value: unknown): value is AuthenticationOverlay {
  return value === "none" || typeof (value as { readonly type?: unknown }).type === "string";
}
