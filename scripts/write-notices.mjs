import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

// THIRD-PARTY-NOTICES: the licences of the packages that are bundled.

const LICENCE_FILE = /^(?:licen[cs]e|notice|copying)(?:[.-][\w.-]*)?$/i;

/**
 * Lists the packages that bundled files belong to.
 *
 * @param {readonly string[]} files relative to the root
 * @returns {string[]} their folders, relative to the root, in the order of their names
 */
export function bundledPackages(files) {
  const folders = files.flatMap(file => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

/**
 * Writes the notices.
 *
 * @param {string} root
 * @param {readonly string[]} files the bundled files, relative to the root
 * @throws Error for a package that tells no licence
 */
export async function writeNotices(root, files) {
  const notices = await Promise.all(bundledPackages(files).map(folder => notice(path.join(root, folder))));
  const first = "This package holds code of the packages below, under their licences.\n";
  await writeFile(path.join(root, "THIRD-PARTY-NOTICES"), [first, ...notices].join(`\n${"-".repeat(80)}\n\n`));
}

async function notice(folder) {
  const { name, version, license, author, homepage, repository } = JSON.parse(
    await readFile(path.join(folder, "package.json"), "utf8"),
  );
  const names = (await readdir(folder)).filter(file => LICENCE_FILE.test(file)).sort();
  const texts = await Promise.all(names.map(file => readFile(path.join(folder, file), "utf8")));
  if (license === undefined && texts.length === 0) throw new Error(`${folder} tells no licence`);
  const source = homepage ?? repository?.url ?? repository;
  const by = author?.name ?? author;
  const head = [`${name} ${version}`, license, by && `By ${by}`, source].filter(line => typeof line === "string");
  return [head.join("\n"), ...texts.map(text => text.replaceAll("\r\n", "\n").trim())].join("\n\n").concat("\n");
}
