import { thrownText } from "../../../base/thrown-text.ts";
import { policyWarnings } from "../../../engine/policy-warnings.ts";
import { followCapability } from "../../../serving/follow-capability.ts";
import type { Service } from "../../../serving/service.ts";
import { Telemetry } from "../../../telemetry/telemetry.ts";
import { McpEndpoints } from "./mcp-endpoints.ts";
import { openServed, type ServedCapability } from "./open-served.ts";
import type { Hosted, ServerParts } from "./server-parts.ts";
import { type HostOf, openWarner } from "./warn-of-open.ts";

/** Least time between reports of one kind about a file, in milliseconds: each request would repeat what the first has told. */
const REPORT_PAUSE_MS = 10_000;
/** Most reports about a file in that time. */
const MOST_REPORTS = 10;

/**
 * Makes what opens a file for its requests, each time anew. Its traces and numbers go on.
 *
 * @param hostOf returns the address that an adapter listens on
 */
export function servedOpener(
  { name, file }: Pick<Hosted, "name" | "file">,
  hostOf: HostOf,
  service: Service,
  parts: ServerParts,
): () => Promise<ServedCapability> {
  const { open, log, rateLimit, tenants, env, origins, answers } = parts;
  const ledger = parts.ledger.within(name);
  const telemetry = new Telemetry();
  const warn = log.logger("telemetry").warn;
  const follow: Parameters<typeof openServed>[0]["follow"] = runtime =>
    followCapability(telemetry, runtime, { env, warn });
  const report = reportOf(file, parts);
  const warnOf = log.logger("server").warn;
  const warnOfOpen = openWarner(name, hostOf, warnOf);
  const endpoints = new McpEndpoints({ hostOf, origins, answers, report });
  let states = 0;
  return async () => {
    const opened = await openServed({
      file,
      open,
      service,
      telemetry,
      follow,
      rateLimit,
      ledger,
      tenants,
      report,
      endpoints,
    });
    states++;
    warnOfOpen(opened);
    // Of many files, each has operations that a pattern is not about.
    if (parts.files.files.size === 1) for (const text of policyWarnings([opened.runtime])) warnOf(text);
    for (const { message } of opened.runtime.unread) warnOf(`${file}: ${message}`);
    return {
      ...opened,
      async close() {
        await opened.close();
        states--;
        // Otherwise a newer state goes on with it.
        if (states > 0) return;
        await endpoints.close();
        await telemetry.close();
      },
    };
  };
}

/** Makes what tells the user why requests for a file fail, now and then. */
function reportOf(file: string, { fail }: ServerParts): (error: unknown) => void {
  const told = new Set<string>();
  let next = 0;
  return error => {
    if (Date.now() >= next) {
      told.clear();
      next = Date.now() + REPORT_PAUSE_MS;
    }
    const text = thrownText(error);
    if (told.has(text) || told.size >= MOST_REPORTS) return;
    told.add(text);
    fail(file, error, "a request could not be answered");
  };
}
