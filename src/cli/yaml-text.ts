import { stringify } from "yaml";
import { isHostile } from "../error/visible-text.ts";

/** A value as YAML. For a terminal, texts that hold what steers it are quoted, so that escapes of it mean the same. */
export function yamlText(value: unknown, { isTTY }: { readonly isTTY?: boolean }): string {
  const text = stringify(value);
  if (!isTTY || !isHostile(text)) return text;
  // Between double quotes, JSON's escapes are YAML's.
  return stringify(value, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "QUOTE_DOUBLE" });
}
