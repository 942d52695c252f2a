import type { OverlayOrigin } from "../overlays/resolved-overlay.ts";
import { SENDING_NAMES } from "../overlays/sending-settings.ts";
import type { Operation } from "./types.ts";

/** Value of an operation that an overlay sets. */
export interface OverlaidSetting {
  /** Setting as a path within the overlay: `baseUri`, `headers.X-Version`. */
  readonly setting: string;
  /** Value in the overlay. Absent for a credential. */
  readonly value?: unknown;
  /** Name or glob that the overlay is under. Absent for a variable. */
  readonly capability?: string;
  readonly profile?: string;
  /** Place of the value. Absent if a program gave the overlays. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** Lists the settings of overlays for an operation, each with its place. */
export function overlaidSettings(operation: Operation): OverlaidSetting[] {
  const { outputs = [], aliases, pagination } = operation;
  return [
    ...requestSettings(operation),
    ...overlaidSendingSettings(operation),
    ...setAt(pagination?.origin, pagination?.value),
    ...outputs.flatMap(({ origin, name }) => setAt(origin, name)),
    ...aliases.flatMap(({ origin, value }) => setAt(origin, value)),
  ];
}

/**
 * Lists the settings of overlays in the requests of an operation.
 *
 * @param given keys of the inputs that a caller gives: they win
 */
export function requestSettings(
  { adapter, parameters, inputs }: Operation,
  given: ReadonlySet<string> = NOTHING,
): OverlaidSetting[] {
  const isReplaced = (header: string) =>
    [...given].some(key => {
      const input = inputs.get(key);
      return input?.in === "header" && input.name.toLowerCase() === header.toLowerCase();
    });
  return [
    ...setAt(adapter.baseUriOrigin, adapter.baseUri.text),
    ...setAt(adapter.authentication?.origin),
    ...parameters.flatMap(({ origin, name, source }) => {
      if (source.kind === "input" || isReplaced(name)) return [];
      return setAt(origin, source.kind === "constant" ? source.value : source.template.text);
    }),
    ...[...inputs.values()].flatMap(({ key, default: value }) =>
      given.has(key) ? [] : setAt(value?.origin, value?.value),
    ),
  ];
}

/** Lists the settings of overlays for sending an operation's requests. */
export function overlaidSendingSettings({ sending }: Operation): OverlaidSetting[] {
  return SENDING_NAMES.flatMap(name => setAt(sending[name]?.origin, sending[name]?.value));
}

const NOTHING: ReadonlySet<string> = new Set();

function setAt(origin: OverlayOrigin | undefined, value?: unknown): readonly OverlaidSetting[] {
  return origin === undefined ? [] : [overlaidSetting(origin, value)];
}

function overlaidSetting({ setting, capability, profile, source }: OverlayOrigin, value?: unknown): OverlaidSetting {
  return {
    setting,
    ...(value === undefined ? {} : { value }),
    capability,
    ...(profile === undefined ? {} : { profile }),
    ...(source === undefined ? {} : { file: source.file, line: source.line, column: source.column }),
  };
}
