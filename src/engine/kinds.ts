import type { Kinds } from "../language/document/kinds.ts";
import { authentications } from "./authentication/authentications.ts";
import { rawFormats } from "./formats/raw-formats.ts";

/** Kinds of the engine that the language has to know. */
export const kinds: Kinds = { authentications, rawFormats };
