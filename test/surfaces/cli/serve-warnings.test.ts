import { expect, it } from "vitest";
import type { RestAdapter } from "../../../src/language/model/exposed/types.ts";
import type { ServedAdapter } from "../../../src/surfaces/cli/serve/open-served.ts";
import { openWarner } from "../../../src/surfaces/cli/serve/warn-of-open.ts";

it.each([
  ["127.0.0.1", false],
  ["LOCALHOST", false],
  ["::1", false],
  ["::ffff:127.0.0.1", false],
  ["0.0.0.0", true],
  ["::", true],
  ["fe80::1%eth0", true],
  ["host.example", true],
])("an adapter on %s is warned of: %s", (host, isWarnedOf) => {
  const adapter = { type: "rest", namespace: "ships" } as RestAdapter;
  const messages: string[] = [];
  const warn = openWarner(
    "port",
    () => host,
    message => messages.push(message),
  );
  const opened = { adapters: [{ adapter, isSupported: true } as ServedAdapter] };
  warn(opened);
  warn(opened);
  expect(messages).toEqual(
    isWarnedOf ? [`warning: port: rest ships has no authentication: everybody who reaches ${host} can call it`] : [],
  );
});
