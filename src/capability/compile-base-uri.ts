import { baseUriProblem } from "../expression/base-uri.ts";
import type { BindScope } from "./bind-scope.ts";
import { compileTemplate } from "./compile-template.ts";
import type { BaseUri } from "./types.ts";

/** Compiles a base URI; `override`, a plain URL, replaces it. Trailing slashes are dropped (language chapter 5.2). */
export function compileBaseUri(declared: string, scope: BindScope, override: string | undefined): BaseUri {
  const text = (override ?? declared).trim();
  if (text === "") return { kind: "empty", text };
  const template =
    override === undefined
      ? compileTemplate(text, { scope, onInput: name => [name, []] }, "path")
      : { text, parts: [text] };
  if (!template.parts.every(part => typeof part === "string")) return { kind: "template", text, template };
  const reason = baseUriProblem(text);
  if (reason !== undefined) return { kind: "invalid", text, reason };
  return { kind: "constant", text, url: text.replace(/\/+$/, "") };
}
