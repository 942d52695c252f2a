import type { BodyNode } from "../../language/model/types.ts";
import { type BinaryValue, isBinary } from "./binary-value.ts";
import { jsonText } from "./bodies/json.ts";
import type { RenderScope } from "./render-template.ts";
import type { WrittenBody } from "./structured-body.ts";

/** Kind of a declared request body, by its `type` (language chapter 5.6): a row of the registry in `body-kinds.ts`. */
export interface BodyKind {
  readonly contentType: string;
  /** Whether its inputs are parts of a form, which may be files. */
  readonly hasParts?: true;
  /**
   * Returns the body, `undefined` if there is none.
   *
   * @param contentType content type from a header parameter
   * @throws Error with the reason if the values do not make a body of this kind
   */
  write(content: BodyNode, scope: RenderScope, contentType: string | undefined): WrittenBody | undefined;
}

/** Creates a kind whose body is text, or the bytes of one input, under any content type. */
export function textKind(contentType: string, render: (content: BodyNode, scope: RenderScope) => unknown): BodyKind {
  return {
    contentType,
    write(content, scope, given = contentType) {
      const body = asText(render(content, scope));
      return body === undefined ? undefined : { body, contentType: given };
    },
  };
}

function asText(value: unknown): string | BinaryValue | undefined {
  return typeof value === "string" || value === undefined || isBinary(value) ? value : jsonText(value);
}
