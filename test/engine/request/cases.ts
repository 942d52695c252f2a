import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { Remedy } from "../../../src/base/remedy.ts";
import type { OpenOptions } from "../../../src/engine/open-options.ts";

/** A call, and the request it makes or the error it ends with. */
export interface RequestCase {
  readonly what: string;
  /** Further lines of the operation, as YAML; it is called `op`. */
  readonly operation?: string;
  /** Further lines of the adapter. */
  readonly adapter?: string;
  /** `GET` by default. */
  readonly method?: string;
  /** `/x` by default. */
  readonly path?: string;
  /** `https://api.test/v1` by default. */
  readonly baseUri?: string;
  /** Lines of `binds`; the variables TOKEN, USER and PASSWORD by default. */
  readonly binds?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly options?: OpenOptions;
  readonly inputs?: Readonly<Record<string, unknown>>;
  /**
   * The request. By default it is `https://api.test/v1/x`, without headers besides the two of every request, and
   * without a body.
   */
  readonly gives?: {
    readonly url?: string;
    readonly headers?: Readonly<Record<string, string>>;
    /** Bytes are compared as such, or with a text as UTF-8. */
    readonly body?: string | Uint8Array;
  };
  /** Parts of the error; `says` are parts of its message. */
  readonly fails?: {
    readonly code: string;
    readonly details?: object;
    readonly remedies?: readonly Remedy[];
    readonly says?: readonly string[];
  };
}

/** Cases about one subject. */
interface RequestCases {
  readonly about: string;
  readonly cases: readonly RequestCase[];
}

const folder = path.join(import.meta.dirname, "cases");

/** The cases of the files in `cases/`. Adding one needs no code. */
export const requestCases: readonly RequestCases[] = readdirSync(folder).map(file => ({
  about: path.basename(file, ".yaml").replaceAll("-", " "),
  cases: parse(readFileSync(path.join(folder, file), "utf8"), { customTags: ["binary"] }) as RequestCase[],
}));
