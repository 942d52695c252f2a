import { CapabilityError, changeError, type Diagnostic, isCapabilityError } from "../base/capability-error.ts";
import { isForeign } from "../base/foreign-error.ts";
import type { SecretMask } from "../base/mask-secrets.ts";
import type { SourceLocation } from "../base/source-location.ts";
import { ValueLocator } from "../language/document/locate-value.ts";
import type { ResolvedDocument } from "../language/document/resolve-document.ts";
import { locateDiagnostics } from "../language/validation/validate.ts";
import { keepUndecoded } from "./response/decode-response.ts";

/** Gives an error of a call as its caller is to see it. */
export type PresentError = (error: unknown) => Promise<unknown>;

/** Makes the function that adds places in the file to errors, and masks secrets in them. Other errors stay as they are. */
export function presentErrors(document: ResolvedDocument, secrets: SecretMask): PresentError {
  let locator: ValueLocator | undefined;
  const placeOf = async ({ source, pointer }: CapabilityError): Promise<SourceLocation | undefined> => {
    if (source !== undefined || pointer === undefined) return source;
    locator ??= new ValueLocator(document);
    return locator.find(pointer);
  };
  /** Adds places to the findings of an error about the document, which is thrown before they are known. */
  const findingsOf = async (error: CapabilityError): Promise<{ diagnostics: readonly Diagnostic[] } | undefined> =>
    isCapabilityError(error, "CAPABILITY_INVALID")
      ? { diagnostics: await locateDiagnostics(document, error.details.diagnostics) }
      : undefined;
  return async error => {
    if (!(error instanceof CapabilityError)) return error;
    const found = await findingsOf(error);
    const presented = changeError(error, {
      message: secrets.text(error.message),
      details: secrets.value({ ...error.details, ...found }) as typeof error.details,
      remedies: secrets.value(error.remedies) as typeof error.remedies,
      source: secrets.value((await placeOf(error)) ?? found?.diagnostics[0]?.source) as SourceLocation | undefined,
      pointer: undefined,
      // The reason that a caller has given for an end is the caller's.
      cause: error.code === "ABORTED" ? error.cause : secrets.error(error.cause, isForeign),
      secrets,
    });
    if (error.stack !== undefined) presented.stack = secrets.text(error.stack);
    keepUndecoded(presented, error);
    return presented;
  };
}
