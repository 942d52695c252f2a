import type { Diagnostic } from "../base/capability-error.ts";
import type { SecretMask } from "../base/mask-secrets.ts";
import type { CapabilityDocument } from "../language/document/document-types.ts";
import { type CompileOptions, compile } from "../language/model/compile.ts";
import { OverlayCompiler } from "../language/model/overlay/overlay-compiler.ts";
import type { CapabilityModel } from "../language/model/types.ts";
import { findingsInvalid } from "../language/overlays/config-error.ts";
import { literalSecrets } from "../language/overlays/literal-secrets.ts";
import type { ResolvedOverlay } from "../language/overlays/resolved-overlay.ts";

/** A capability with an overlay laid over it, and the settings that do not fit. */
export interface OverlaidCapability {
  readonly model: CapabilityModel;
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
  const compiler = new OverlayCompiler(overlay, options.kinds);
  const model = compile(name, document, { ...options, overlay: compiler });
  return { model, findings: compiler.findings, overlay };
}

/**
 * @param overlays their name in messages
 * @throws CapabilityError `CONFIG_INVALID` with every setting that does not fit
 */
export function requireFitting({ model, findings }: OverlaidCapability, overlays: string): void {
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return;
  throw findingsInvalid(`Cannot lay ${overlays} over ${model.name}`, errors);
}
