import path from "node:path";
import { expect, it } from "vitest";
import { capabilityFiles } from "../../src/catalogue/capability-files.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

interface RootsCase {
  readonly title: string;
  readonly files: readonly string[];
  readonly roots: readonly string[];
  /** File by name. */
  readonly names: Readonly<Record<string, string>>;
}

const CASES: readonly RootsCase[] = [
  {
    title: "a name that one file has",
    files: ["a/mail.yaml", "a/deep/sms.yml"],
    roots: ["a"],
    names: { mail: "a/mail.yaml", sms: "a/deep/sms.yml" },
  },
  {
    title: "a name that files of two folders have",
    files: ["a/mail.yaml", "b/mail.yaml", "b/sms.yaml"],
    roots: ["a", "b"],
    names: { "a/mail": "a/mail.yaml", "b/mail": "b/mail.yaml", sms: "b/sms.yaml" },
  },
  {
    title: "a name that files at two depths have",
    files: ["a/mail.yaml", "a/old/mail.yaml"],
    roots: ["a"],
    names: { "a/mail": "a/mail.yaml", "a/old/mail": "a/old/mail.yaml" },
  },
  {
    title: "a file that is named, and is in a folder that is named",
    files: ["a/mail.yaml"],
    roots: ["a/mail.yaml", "a"],
    names: { mail: "a/mail.yaml" },
  },
  {
    title: "a file that is not there",
    files: ["a/mail.yaml"],
    roots: ["a", "gone.yaml"],
    names: { mail: "a/mail.yaml", gone: "gone.yaml" },
  },
];

it.each(CASES)("names the files of roots: $title", async ({ files, roots, names }) => {
  const folder = await temporaryFolder(Object.fromEntries(files.map(file => [file, "naftiko: 1.0.0-alpha2\n"])));
  const found = capabilityFiles({ roots: roots.map(root => path.join(folder, root)), deep: [], dirs: [] }).files;
  expect(Object.fromEntries(found.map(({ name, file }) => [name, path.relative(folder, file)]))).toEqual(names);
});
