import { type CompileOptions, compile } from "./capability/compile.ts";
import { OverlayCompiler } from "./capability/overlay/overlay-compiler.ts";
import type { Capability } from "./capability/types.ts";
import type { CapabilityDocument } from "./document/document-types.ts";
import type { Diagnostic } from "./error/capability-error.ts";
import type { SecretMask } from "./error/mask-secrets.ts";
import { findingsInvalid } from "./overlays/config-error.ts";
import { literalSecrets } from "./overlays/literal-secrets.ts";
import type { ResolvedOverlay } from "./overlays/resolved-overlay.ts";

/** A capability as an overlay makes it, and what does not fit. */
export interface OverlaidCapability {
  readonly model: Capability;
  readonly findings: readonly Diagnostic[];
  readonly overlay?: ResolvedOverlay;
}

/** Compiles a valid document with an overlay laid over it. */
export function overlayCapability(
  name: string,
  document: CapabilityDocument,
  { overlay, ...options }: Omit<CompileOptions, "overlay"> & { readonly overlay: ResolvedOverlay },
  secrets: SecretMask,
): OverlaidCapability {
  for (const secret of literalSecrets(overlay)) secrets.add(secret);
  const compiler = new OverlayCompiler(overlay);
  const model = compile(name, document, { ...options, overlay: compiler });
  return { model, findings: compiler.findings, overlay };
}

/**
 * @param overlays what messages call them
 * @throws CapabilityError `CONFIG_INVALID` with every setting that does not fit
 */
export function requireFitting({ model, findings }: OverlaidCapability, overlays: string): void {
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return;
  throw findingsInvalid(`Cannot lay ${overlays} over ${model.name}`, errors);
}
