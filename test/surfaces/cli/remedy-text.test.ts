import { expect, it } from "vitest";
import type { Remedy } from "../../../src/base/remedy.ts";
import { findingText, remedyLines } from "../../../src/surfaces/cli/remedy-text.ts";

it.each<[Remedy, string]>([
  [{ option: "allowHosts", value: ["a.test", "*.b.test"] }, "--allow-host a.test --allow-host '*.b.test' allows it"],
  [{ option: "scriptRoots", value: ["/a"] }, "--allow-scripts /a allows it"],
  [{ option: "folderRoots", value: ["/a"] }, "--allow-folders /a allows it"],
  [{ option: "bindFileRoots", value: ["/a b"] }, "--allow-bind-files '/a b' allows it"],
  [{ option: "importRoots", value: ["/shared"] }, "--allow-import /shared allows it"],
  [{ option: "allowInsecureAuthentication", value: true }, "--allow-insecure-auth allows it; https is safer"],
  [{ option: "baseUri", namespace: "books" }, "--base-uri books=https://… sets it"],
  [
    { option: "certificateAuthority" },
    "--ca-cert FILE accepts it, where FILE has the certificate of an authority that you trust",
  ],
  [{ option: "egress", value: "any" }, "--egress any allows it"],
  [{ option: "impliedAuthentication", value: false }, "--no-implied-auth turns it off"],
  [{ option: "maxDecodeMs" }, "--max-decode-time allows more"],
  [{ option: "maxResponseBytes" }, "--max-bytes allows more"],
  [{ option: "maxResponseValues" }, "--max-values allows more"],
  [{ variable: "TOKEN" }, "Set TOKEN in the environment or in .env"],
  [{ action: "login" }, "naftiko login shop api logs in"],
  [{ action: "nameConfig", file: "/a/naftiko.config.yaml" }, "--config /a/naftiko.config.yaml uses it all the same"],
  [{ action: "trustConfig", file: "/a/naftiko.config.yaml" }, "naftiko trust /a/naftiko.config.yaml allows it"],
])("the command words %j", (remedy, text) => {
  expect(remedyLines([remedy], ["shop", "api"])).toEqual([text]);
});

it("remedyLines() names all variables in one line, and says nothing twice", () => {
  const trust = { action: "trustConfig", file: "f" } as const;
  const remedies = [{ variable: "A" }, trust, { variable: "B" }, { variable: "A" }, trust];
  expect(remedyLines(remedies)).toEqual(["Set A, B in the environment or in .env", "naftiko trust f allows it"]);
});

it("findingText() adds the remedy of a finding", () => {
  expect(findingText({ message: "It is empty" })).toBe("It is empty");
  expect(findingText({ message: "It is empty", remedy: { option: "baseUri", namespace: "a" } })).toBe(
    "It is empty; --base-uri a=https://… sets it",
  );
});
