import { expect, test } from "vitest";
import { CapabilityHost } from "../../src/serving/capability-host.ts";
import type { OpenedFile } from "../../src/serving/hosted-capability.ts";

/** Returns a host of the capabilities `a` to `e`, of which two may be open, and what it opens and closes in order. */
function hostOfTwo() {
  const steps: string[] = [];
  const opener =
    ({ name }: { readonly name: string }) =>
    async (): Promise<OpenedFile> => {
      steps.push(`open ${name}`);
      return {
        close: async () => {
          steps.push(`close ${name}`);
        },
      };
    };
  const files = new Map([..."abcde"].map(name => [name, `/${name}.yaml`]));
  return { steps, host: new CapabilityHost(files, opener, () => {}, 2) };
}

async function use(host: CapabilityHost<OpenedFile>, name: string): Promise<() => void> {
  const hosted = host.get(name);
  const version = await hosted?.acquire();
  return () => {
    if (version !== undefined) hosted?.release(version);
  };
}

test("closes those that were not used for the longest time, and opens them again", async () => {
  const { host, steps } = hostOfTwo();
  for (const name of ["a", "b", "a", "c", "b"]) (await use(host, name))();
  expect(steps).toEqual(["open a", "open b", "close b", "open c", "close a", "open b"]);
  expect([...host.used].map(({ name }) => name)).toEqual(["c", "b"]);
});

test("closes none that a request uses, whatever their number", async () => {
  const { host, steps } = hostOfTwo();
  const releases = [await use(host, "a"), await use(host, "b"), await use(host, "c")];
  expect(steps).toEqual(["open a", "open b", "open c"]);
  for (const release of releases) release();
  for (const name of ["d", "e"]) (await use(host, name))();
  expect([...host.used].map(({ name }) => name)).toEqual(["d", "e"]);
});

test("closes one that is removed while it is opened", async () => {
  const { host, steps } = hostOfTwo();
  const opening = host.get("a")?.reload();
  await host.remove("a");
  await opening;
  expect(steps).toEqual(["open a", "close a"]);
  expect(host.get("a")).toBeUndefined();
});

test("opens none of an unknown name", () => {
  const { host, steps } = hostOfTwo();
  for (const name of ["", "f", "__proto__", "constructor"]) expect(host.get(name)).toBeUndefined();
  expect(steps).toEqual([]);
});
