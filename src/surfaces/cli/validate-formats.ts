/** Forms of the findings of `naftiko validate`. */
export const VALIDATE_FORMATS = ["text", "json", "github", "sarif"] as const;

export type ValidateFormat = (typeof VALIDATE_FORMATS)[number];
