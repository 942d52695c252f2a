import type { BindVariable } from "../../document/declared-binds.ts";
import { pointerSegment } from "../../document/json-pointer.ts";
import type { ResolvedOverlay } from "../../overlays/resolved-overlay.ts";

/** The variables that an overlay declares, the strongest first. */
export function overlayBinds({ binds, directory }: ResolvedOverlay): BindVariable[] {
  return binds.flatMap(({ value: { namespace, keys, location }, origin }) =>
    Object.entries(keys).map(([name, key]) => ({
      namespace,
      name,
      key,
      ...(location === undefined ? {} : { location }),
      ...(directory === undefined ? {} : { directory }),
      fromConfig: true,
      pointer: `${origin.pointer}/keys/${pointerSegment(name)}`,
      ...(origin.source === undefined ? {} : { source: origin.source }),
    })),
  );
}
