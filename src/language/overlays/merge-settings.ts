import type { CallSettings, OperationSettings } from "./resolved-overlay.ts";

export const emptyCallSettings: CallSettings = { inputs: new Map(), headers: new Map() };

export const emptyOperationSettings: OperationSettings = {
  ...emptyCallSettings,
  aliases: [],
  rename: new Map(),
  add: new Map(),
};

/** Merges two layers value by value: those of `above` win. */
export function mergeCallSettings(below: CallSettings, above: CallSettings): CallSettings {
  return {
    ...below,
    ...above,
    inputs: new Map([...below.inputs, ...above.inputs]),
    headers: new Map([...below.headers, ...above.headers]),
  };
}

/** Merges two layers: the values of `above` win, and aliases add up. */
export function mergeOperationSettings(below: OperationSettings, above: OperationSettings): OperationSettings {
  const pagination = above.pagination ?? below.pagination;
  return {
    ...mergeCallSettings(below, above),
    ...(pagination === undefined ? {} : { pagination }),
    aliases: [...below.aliases, ...above.aliases],
    rename: new Map([...below.rename, ...above.rename]),
    add: new Map([...below.add, ...above.add]),
  };
}
