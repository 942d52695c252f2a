import { capabilityText, input, type OperationDeclaration } from "../../../support/capability-text.ts";

/** Values that every encoding writes in another way. */
export const SECRETS: Readonly<Record<string, string>> = {
  API_TOKEN: `tok'en/"q"?&=%+$HOME\`id\`\\!`,
  API_PASSWORD: "päss:wörd/+\\ \u{1f511}'\"",
  API_KEY: "k3y=#[]{} <&>'\"\\\n\té~*!()",
  HOST_NAME: "127.0.0.1",
};

const BINDS = Object.fromEntries(Object.keys(SECRETS).map(name => [name, name]));

const keyInBody = { key: "{{API_KEY}}", text: "a {{API_KEY}} b", given: "{{given}}" };

const OPERATIONS: readonly OperationDeclaration[] = [
  {
    name: "get",
    method: "GET",
    path: "/things",
    inputParameters: [
      input("q", "query"),
      input("tag", "query", "array"),
      input("X-Odd", "header"),
      input("X-Other", "header"),
      input("Authorization", "header"),
      input("X-Api-Key", "header"),
      input("session", "cookie"),
    ],
  },
  { name: "write", method: "POST", path: "/things", inputParameters: [input("body", "body", "object")] },
  { name: "write-text", method: "POST", path: "/things", inputParameters: [input("body", "body", "string")] },
  {
    name: "places",
    method: "PUT",
    path: "/things/{{API_KEY}}",
    inputParameters: [
      { name: "key", in: "query", value: "x {{API_KEY}}" },
      { name: "X-Key", in: "header", value: "key={{API_TOKEN}}x" },
      { name: "key", in: "cookie", value: "{{API_PASSWORD}}" },
      input("session", "cookie"),
    ],
  },
  {
    name: "json",
    method: "POST",
    path: "/json",
    inputParameters: [input("given", "body")],
    body: { type: "json", data: keyInBody },
  },
  {
    name: "json-text",
    method: "POST",
    path: "/json",
    body: { type: "json", data: '{"alone": {{API_KEY}}, "inside": "<{{API_PASSWORD}}>"}' },
  },
  {
    name: "form",
    method: "POST",
    path: "/form",
    inputParameters: [input("given", "body")],
    body: { type: "formUrlEncoded", data: { ...keyInBody, nested: { key: "{{API_KEY}}" } } },
  },
  {
    name: "xml",
    method: "POST",
    path: "/xml",
    body: { type: "xml", data: "<a b='{{API_KEY}}'>{{API_PASSWORD}}</a>" },
  },
  { name: "text", method: "POST", path: "/text", body: { type: "text", data: "@{{API_KEY}}-{{API_TOKEN}}" } },
  { name: "check", method: "HEAD", path: "/things" },
  { name: "check-body", method: "HEAD", path: "/things", inputParameters: [input("body", "body", "object")] },
  { name: "delete", method: "DELETE", path: "/things" },
  { name: "touch", method: "POST", path: "/things" },
  { name: "change", method: "PATCH", path: "/things", inputParameters: [input("name", "body")] },
  { name: "search", method: "GET", path: "/things", inputParameters: [input("name", "body")] },
  { name: "dots", method: "GET", path: "/a/../b/./c?page[size]={{API_TOKEN}}&x={y}" },
];

export const AUTHENTICATIONS: Readonly<Record<string, object | undefined>> = {
  none: undefined,
  bearer: { type: "bearer", token: "{{API_TOKEN}}" },
  basic: { type: "basic", username: "änn", password: "{{API_PASSWORD}}" },
  header: { type: "apikey", key: "X-Secret-Key", value: "{{API_TOKEN}}", placement: "header" },
  query: { type: "apikey", key: "api_key", value: "{{API_KEY}}", placement: "query" },
  literal: { type: "bearer", token: "l1teral-secret" },
  "literal-query": { type: "apikey", key: "api_key", value: "l1teral-secret", placement: "query" },
};

/** Returns one capability for each kind of authentication, and one with a variable in its base URI. */
export function showCapabilities(): Record<string, string> {
  const files = Object.entries(AUTHENTICATIONS).map(([name, authentication]) => [
    `capabilities/${name}.yaml`,
    capabilityText({
      baseUri: "https://api.example.test/v1",
      binds: BINDS,
      ...(authentication === undefined ? {} : { authentication }),
      operations: OPERATIONS,
    }),
  ]);
  return Object.fromEntries(files);
}
