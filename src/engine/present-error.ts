import { CapabilityError, changeError } from "../base/capability-error.ts";
import { isForeign } from "../base/foreign-error.ts";
import type { SecretMask } from "../base/mask-secrets.ts";
import type { SourceLocation } from "../base/source-location.ts";
import { ValueLocator } from "../language/document/locate-value.ts";
import type { ResolvedDocument } from "../language/document/resolve-document.ts";

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
  return async error => {
    if (!(error instanceof CapabilityError)) return error;
    const presented = changeError(error, {
      message: secrets.text(error.message),
      details: secrets.value(error.details) as typeof error.details,
      remedies: secrets.value(error.remedies) as typeof error.remedies,
      source: secrets.value(await placeOf(error)) as SourceLocation | undefined,
      pointer: undefined,
      // The reason that a caller has given for an end is the caller's.
      cause: error.code === "ABORTED" ? error.cause : secrets.error(error.cause, isForeign),
      secrets,
    });
    if (error.stack !== undefined) presented.stack = secrets.text(error.stack);
    return presented;
  };
}
