import type { Operation, Parameter } from "../../language/model/types.ts";
import type { RequestDraft } from "./request-draft.ts";

/** Location that a parameter's value can be sent in: a row of the registry in `locations.ts`. */
export interface ParameterLocation {
  /**
   * Prepares the writing of one parameter; the returned function runs once a request.
   *
   * @throws nothing; the writer throws CapabilityError `INPUT_INVALID` for a value that cannot stand there
   */
  compile(parameter: Parameter, operation: Operation): ParameterWriter;
}

/** Writes a value, which is not absent, into the request. */
export type ParameterWriter = (draft: RequestDraft, value: unknown) => void;
