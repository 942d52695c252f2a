import type { JsonObject } from "../../../base/json-object.ts";

/**
 * Questions for a person that the client answers by sending the request again (2026-07-28). What confirms a call throws it,
 * so that the call ends before anything is done.
 */
export class InputRequired extends Error {
  override readonly name = "InputRequired";
  /** Requests of the client's features, by a name that the next request repeats: `elicitation/create` and its parameters. */
  readonly inputRequests: Readonly<Record<string, { readonly method: string; readonly params: JsonObject }>>;
  /** Comes back with the next request as it is. It has to be protected against changes. */
  readonly requestState: string;

  constructor(inputRequests: InputRequired["inputRequests"], requestState: string) {
    super("A person has to be asked");
    this.inputRequests = inputRequests;
    this.requestState = requestState;
  }
}
