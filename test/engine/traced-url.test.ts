import { expect, test } from "vitest";
import { SecretMask } from "../../src/base/mask-secrets.ts";
import { urlsForTraces } from "../../src/engine/traced-url.ts";
import { markedSecret } from "../support/marked-secret.ts";
import { openTextRuntime, operationText } from "../support/open-text.ts";

const SECRET = markedSecret("a/b");

test.each([
  { path: "/a", url: "https://api.test/v1/a", shown: "https://api.test/v1/a" },
  {
    path: "/a",
    url: "https://api.test/v1/a?q=1&token=x&flag&=y",
    shown: "https://api.test/v1/a?q=***&token=***&***&=***",
  },
  { path: "/bot{{TOKEN}}/a", url: "https://api.test/bot$/a", shown: "https://api.test/bot***/a" },
  { path: "/a/{{access_token}}", url: "https://api.test/a/$", shown: "https://api.test/a/***" },
  { path: "/a", url: "https://user:$@api.test/a", shown: "https://***@api.test/a" },
  { path: "/a", url: "https://other.test/$/a", isOwn: false, shown: "https://other.test/***/a" },
])("the URL $url of the path $path is told as $shown", async ({ path, url, shown, isOwn = true }) => {
  const runtime = await openTextRuntime(operationText("", { path }));
  const secrets = new SecretMask();
  secrets.add(SECRET);
  const [operation] = runtime.model.operations;
  if (operation === undefined) throw new Error("No operation");
  expect(urlsForTraces(operation, secrets)(url.replace("$", encodeURIComponent(SECRET)), isOwn)).toBe(shown);
  await runtime.close();
});
