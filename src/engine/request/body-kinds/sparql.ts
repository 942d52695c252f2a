import { type BodyKind, textKind } from "../body-kind.ts";
import { renderBody } from "../render-body.ts";

/** A query in SPARQL (SPARQL 1.1 Protocol, 2.1.3). */
export const sparql: BodyKind = textKind("application/sparql-query", renderBody);
