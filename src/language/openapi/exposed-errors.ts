import type { JsonObject } from "../../base/json-object.ts";
import type { UnitWork } from "../model/exposed/types.ts";
import type { ExportedSchemas } from "./exported-schemas.ts";

/** Body of an answer that is an error, of this server or passed on. */
type ErrorBody = "problem" | "any";

/** Answers that are errors, by their names in a document. */
const ANSWERS = {
  BadRequest: { description: "Inputs are missing or wrong: each is named", body: "problem" },
  Unauthorized: { description: "The credential is missing or wrong", body: "problem" },
  BadGateway: { description: "An API could not be reached, or its answer could not be used", body: "problem" },
  GatewayTimeout: { description: "An API did not answer in time", body: "problem" },
  ApiError: { description: "Error of the API, passed on as it is", body: "any" },
  Problem: { description: "The request could not be answered", body: "problem" },
} as const satisfies Readonly<Record<string, { readonly description: string; readonly body: ErrorBody }>>;

const PROBLEM = {
  description: "Why a request could not be answered (RFC 9457)",
  type: "object",
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    errors: {
      type: "array",
      items: {
        type: "object",
        properties: { input: { type: "string" }, in: { type: "string" }, detail: { type: "string" } },
        required: ["input", "detail"],
      },
    },
  },
  required: ["title", "status", "detail"],
};

interface Failing {
  readonly work: Exclude<UnitWork["kind"], "function">;
  readonly hasInputs: boolean;
  readonly hasSecurity: boolean;
}

/** Answers of a document that are errors. Operations refer to them. */
export class ExposedErrors {
  readonly #used = new Set<keyof typeof ANSWERS>();

  /** Returns the answers of an operation that fails, by their statuses. */
  of({ work, hasInputs, hasSecurity }: Failing): JsonObject {
    const answer = (name: keyof typeof ANSWERS) => {
      this.#used.add(name);
      return { $ref: `#/components/responses/${name}` };
    };
    return {
      ...(hasInputs ? { 400: answer("BadRequest") } : {}),
      ...(hasSecurity ? { 401: answer("Unauthorized") } : {}),
      ...(work === "mock" ? {} : { 502: answer("BadGateway"), 504: answer("GatewayTimeout") }),
      default: answer(work === "call" ? "ApiError" : "Problem"),
    };
  }

  /** Writes the answers that operations refer to, as components. */
  components(schemas: ExportedSchemas): JsonObject {
    const problem = schemas.write({ $ref: "#/$defs/Problem" }, { $defs: { Problem: PROBLEM } });
    const content = {
      problem: { "application/problem+json": { schema: problem } },
      any: { "*/*": {} },
    } satisfies Readonly<Record<ErrorBody, JsonObject>>;
    return Object.fromEntries(
      Object.entries(ANSWERS).flatMap(([name, { description, body }]) =>
        this.#used.has(name as keyof typeof ANSWERS) ? [[name, { description, content: content[body] }]] : [],
      ),
    );
  }
}
