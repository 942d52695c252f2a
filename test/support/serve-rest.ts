import type { OpenOptions } from "../../src/engine/open-options.ts";
import type { RestAdapter } from "../../src/language/model/exposed/types.ts";
import { IdempotencyLedger } from "../../src/serving/idempotency/idempotency-ledger.ts";
import type { RatePolicy } from "../../src/serving/rate/rate-policy.ts";
import { createRestHandler } from "../../src/surfaces/rest/rest-handler.ts";
import { type AdapterServer, serveAdapter } from "./serve-adapter.ts";

/** A REST adapter that listens. */
export type RestServer = AdapterServer;

/** Serves the first adapter of a document, as YAML, whose `consumes` have the base URI. */
export function serveRest(
  text: string,
  baseUri: string,
  options: OpenOptions = {},
  rate?: RatePolicy,
  origins: readonly string[] = [],
): Promise<RestServer> {
  return serveAdapter(
    text,
    baseUri,
    (adapter, runtime, report) =>
      createRestHandler(adapter as RestAdapter, runtime, {
        maxBodyBytes: 1_000_000,
        ledger: new IdempotencyLedger(undefined),
        report,
      }),
    { options, rate, origins },
  );
}
