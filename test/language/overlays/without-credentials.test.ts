import { expect, it } from "vitest";
import { withoutCredentials } from "../../../src/language/overlays/without-credentials.ts";

it.each([
  ["  token: sk_live_1", "  token: ***"],
  ["  token: 'it''s'", "  token: ***"],
  ['  token: "unclosed', "  token: ***"],
  ["  { type: apikey, key: X-Key, value: abc }", "  { type: apikey, key: X-Key, value: ***}"],
  ['  X-Api-Key: "a b" # mine', "  X-Api-Key: *** # mine"],
  ['  token: "{{SHOP_TOKEN}}"', '  token: "{{SHOP_TOKEN}}"'],
  ["  keys: { SHOP_TOKEN: SHOP_TOKEN }", "  keys: { SHOP_TOKEN: SHOP_TOKEN }"],
  ["  baseUri: https://me:pass@x.test/@a", "  baseUri: https://***@x.test/@a"],
  ["  limit: 5", "  limit: 5"],
  ["  authentication:", "  authentication:"],
])("shows %j as %j", (line, shown) => {
  expect(withoutCredentials(line, "/capabilities/shop/inputs")).toBe(shown);
});

it.each([
  ["  authentication: { type: bearer, tokn: sk_live_1 }", "  authentication: { type: bearer, tokn: ***}"],
  ["  authentication: sk_live_1", "  authentication: ***"],
  ["    clientSecrt: s3cret", "    clientSecrt: ***"],
  ["    username: sk_live_1", "    username: ***"],
])("shows no value of a declaration in %j", (line, shown) => {
  expect(withoutCredentials(line, "/capabilities/shop/authentication/tokn")).toBe(shown);
});

it.each([
  "  { type: oauth2, grnt: client_credentials, tokenEndpoint: https://id.test/token, clientId: abc, scopes: [a] }",
  "    tokenUrl: https://id.test/token",
  "    grant: authorization_code",
  "    key: X-Api-Key",
  "    region: eu-west-1",
])("shows the structure of a declaration in %j", line => {
  expect(withoutCredentials(line, "/capabilities/shop/authentication/shop/tokenUrl")).toBe(line);
});
