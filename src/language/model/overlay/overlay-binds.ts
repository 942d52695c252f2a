import type { BindVariable } from "../../document/declared-binds.ts";
import type { ResolvedOverlay } from "../../overlays/resolved-overlay.ts";

/** The variables that an overlay declares, the strongest first. */
export function overlayBinds({ binds, directory }: ResolvedOverlay): BindVariable[] {
  return binds.map(({ value, origin: { pointer, source } }) => ({
    ...value,
    ...(directory === undefined ? {} : { directory }),
    fromConfig: true,
    pointer,
    ...(source === undefined ? {} : { source }),
  }));
}
