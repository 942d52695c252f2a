import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PolicySetting } from "../../../src/language/overlays/overlays.ts";
import { openTextRuntime } from "../../support/open-text.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

// What a policy says, on every way into an opened capability; nothing that is refused is sent, or looks a variable up.

let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.close());
beforeEach(() => {
  upstream.requests.length = 0;
});

const TEXT = `naftiko: 1.0.0-alpha3
info: { label: Shop, description: A shop, tags: [Commerce] }
binds:
  - { namespace: env, keys: { SECRET_KEY: SECRET_KEY } }
aggregates:
  - namespace: desk
    label: Desk
    functions:
      - name: close-user
        call: shop.deleteUser
        with: { id: "{{id}}" }
        inputParameters: [{ name: id, type: string, required: true }]
      - name: move-user
        inputParameters: [{ name: id, type: string, required: true }]
        steps:
          - { name: old, type: call, call: shop.getUser, with: { id: "{{id}}" } }
          - { name: new, type: call, call: shop.addUser, with: { name: "{{id}}" } }
      - name: hello
        outputParameters: [{ name: text, type: string, value: hello }]
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: BASE
      authentication: { type: bearer, token: "{{SECRET_KEY}}" }
      resources:
        - name: users
          path: /users
          operations:
            - { name: listUsers, method: GET }
            - name: addUser
              method: POST
              inputParameters: [{ name: name, in: body }, { name: password, in: body }]
        - name: user
          path: /users/{id}
          tags: [people]
          operations:
            - { name: getUser, method: GET }
            - { name: headUser, method: HEAD }
            - { name: deleteUser, method: DELETE, tags: [danger] }
`;

const open = (policy: PolicySetting, env: Record<string, string> = { SECRET_KEY: "key-4711" }) =>
  openTextRuntime(TEXT.replace("BASE", upstream.url), { policy, env });

const ALL = "listUsers addUser getUser headUser deleteUser desk.close-user desk.move-user desk.hello";

describe("a policy leaves", () => {
  it.each<{ policy: PolicySetting; left: string }>([
    { policy: {}, left: ALL },
    { policy: { readOnly: false }, left: ALL },
    { policy: { readOnly: true }, left: "listUsers getUser headUser desk.hello" },
    { policy: { deny: ["deleteUser"] }, left: "listUsers addUser getUser headUser desk.move-user desk.hello" },
    { policy: { deny: ["DELETE *"] }, left: "listUsers addUser getUser headUser desk.move-user desk.hello" },
    { policy: { deny: ["delete /users/*"] }, left: "listUsers addUser getUser headUser desk.move-user desk.hello" },
    { policy: { deny: ["* /users"] }, left: "getUser headUser deleteUser desk.close-user desk.hello" },
    { policy: { deny: ["user.*"] }, left: "listUsers addUser desk.hello" },
    { policy: { deny: ["shop.users.*"] }, left: "getUser headUser deleteUser desk.close-user desk.hello" },
    { policy: { deny: ["?etUser"] }, left: "listUsers addUser headUser deleteUser desk.close-user desk.hello" },
    { policy: { deny: ["shop/*"] }, left: "" },
    { policy: { deny: ["shop/GET *"] }, left: "addUser headUser deleteUser desk.close-user desk.hello" },
    { policy: { deny: ["other/*", "other/GET *", "shop", "DeleteUser", "get", "other//users", "/Users"] }, left: ALL },
    { policy: { deny: ["GET", "shop/DELETE"] }, left: "addUser headUser desk.hello" },
    { policy: { deny: ["/users/*"] }, left: "listUsers addUser desk.hello" },
    { policy: { deny: ["shop//users"] }, left: "getUser headUser deleteUser desk.close-user desk.hello" },
    { policy: { deny: ["DELETE users/*", "* users"] }, left: "getUser headUser desk.hello" },
    { policy: { allow: ["HEAD"] }, left: "headUser" },
    { policy: { allow: ["/users"] }, left: "listUsers addUser" },
    {
      policy: { deny: ["close-user", "desk.move-user"] },
      left: "listUsers addUser getUser headUser deleteUser desk.hello",
    },
    { policy: { allow: ["GET *"] }, left: "listUsers getUser" },
    { policy: { allow: ["*"] }, left: ALL },
    { policy: { allow: [] }, left: "" },
    { policy: { allow: ["*User"], deny: ["add*"] }, left: "getUser headUser deleteUser desk.close-user" },
    { policy: { allow: ["deleteUser"], readOnly: true }, left: "" },
    { policy: { allow: ["addUser", "getUser"] }, left: "addUser getUser desk.move-user" },
    { policy: { allow: ["close-user", "hello"] }, left: "desk.close-user desk.hello" },
    { policy: { toolset: ["commerce"] }, left: ALL },
    { policy: { toolset: ["People"] }, left: "getUser headUser deleteUser desk.close-user" },
    { policy: { toolset: ["danger", "other"] }, left: "deleteUser desk.close-user" },
    { policy: { toolset: [] }, left: "" },
  ])("$left by $policy", async ({ policy, left }) => {
    const runtime = await open(policy);
    const found = ALL.split(" ").filter(reference => runtime.refusalOf(runtime.findCallable(reference)) === undefined);
    expect(found.join(" ")).toBe(left);
    await runtime.close();
  });
});

describe("a call that is refused", () => {
  it.each<{ policy: PolicySetting; message: string; rule: string }>([
    {
      policy: { deny: ["x", "DELETE *"] },
      rule: 'deny "DELETE *"',
      message: 'the policy of the options denies "DELETE *"',
    },
    {
      policy: { readOnly: true },
      rule: "readOnly",
      message: "the policy of the options is read-only, and this sends DELETE",
    },
    {
      policy: { allow: ["a", "b", "c", "d", "e", "f"] },
      rule: "allow",
      message: 'the policy of the options allows only "a", "b", "c", "d", "e" and 1 more',
    },
    {
      policy: { toolset: ["x"] },
      rule: "toolset",
      message: 'the policy of the options offers only what has the tag "x"',
    },
  ])("tells the rule of $policy, and looks no variable up", async ({ policy, rule, message }) => {
    const runtime = await open(policy, {});
    await expect(runtime.call("deleteUser", { id: "7" }, {}, "value")).rejects.toMatchObject({
      code: "OPERATION_REFUSED",
      message: `Cannot call "deleteUser": ${message}`,
      details: { operation: "deleteUser", rule, reason: message },
    });
    expect(upstream.requests).toEqual([]);
    await runtime.close();
  });
});
