import type { Kinds } from "../language/document/kinds.ts";
import { authentications } from "./authentication/authentications.ts";
import { rawFormats } from "./formats/raw-formats.ts";

/** Every kind that the language asks about. */
export const kinds: Kinds = { authentications, rawFormats };
