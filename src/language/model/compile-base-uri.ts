import { baseUriProblem, baseUrl } from "../expression/base-uri.ts";
import type { BindScope } from "./bind-scope.ts";
import { compileTemplate } from "./compile-template.ts";
import type { BaseUri, Template } from "./types.ts";

/**
 * Compiles a base URI. Trailing slashes are dropped (language chapter 5.2).
 *
 * @param literal whether its braces are text: it is an option, and not the file's
 */
export function compileBaseUri(written: string, scope: BindScope, literal: boolean): BaseUri {
  const text = written.trim();
  if (text === "") return { kind: "empty", text };
  const template = literal ? { text, parts: [text] } : baseUriTemplate(text, scope);
  if (template.parts.some(part => typeof part === "object")) return { kind: "template", text, template };
  const reason = baseUriProblem(text);
  if (reason !== undefined) return { kind: "invalid", text, reason };
  return { kind: "constant", text, url: baseUrl(text) };
}

/** Returns a base URI that the file reaches by a tunnel, which cannot be opened: to go there directly is something else. */
export function throughTunnel(written: string): BaseUri {
  const reason = "is reached by a tunnel, which this runtime cannot open, and nothing is sent past it";
  return { kind: "invalid", text: written.trim(), reason };
}

/** Returns the names of the placeholders in a base URI that are not binds. */
export function baseUriInputs(written: string, scope: BindScope): string[] {
  if (!written.includes("{")) return [];
  return baseUriTemplate(written, scope).parts.flatMap(part =>
    typeof part === "object" && part.kind === "input" ? [part.name] : [],
  );
}

function baseUriTemplate(text: string, scope: BindScope): Template {
  return compileTemplate(text, { scope, onInput: name => [name, []] }, "path");
}
