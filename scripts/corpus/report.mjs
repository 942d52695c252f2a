import { inspect } from "node:util";

/**
 * Prints differences as they come and the counts at the end.
 *
 * @param {{ verbose: boolean, maxDifferences: number }} options
 */
export function createReport({ verbose, maxDifferences }) {
  const files = { all: 0, opened: 0, refused: 0, empty: 0, emptyRefused: 0, other: 0 };
  const operations = { all: 0, right: 0 };
  let differences = 0;

  function difference(lines) {
    differences += 1;
    if (differences <= maxDifferences) console.log(lines.join("\n"));
  }

  function operation(file, { title, differences: found }) {
    operations.all += 1;
    if (found.length === 0) operations.right += 1;
    for (const { part, expected, found: actual } of found) {
      difference([`${file}  ${title}  ${part}`, `    expected  ${show(expected)}`, `    found     ${show(actual)}`]);
    }
  }

  return {
    /**
     * Adds one file's result: `opened` with the results of its operations; `refused` with a message; `empty` for a file
     * without operations of its own, `empty-refused` if the library said so; `other` for YAML that is not a capability.
     */
    file(file, { kind, results = [], operations: unchecked = 0, message }) {
      if (kind === "other") {
        files.other += 1;
        return;
      }
      files.all += 1;
      operations.all += unchecked;
      if (kind === "opened" || kind === "empty") files.opened += 1;
      if (kind.startsWith("empty")) files.empty += 1;
      if (kind === "empty-refused") {
        files.emptyRefused += 1;
        console.log(`${file}  no operations of its own, refused: ${message}`);
      }
      if (kind === "refused") difference([`${file}  not opened`, `    ${message}`]);
      for (const result of results) operation(file, result);
      if (verbose) {
        const right = results.filter(result => result.differences.length === 0).length;
        console.log(`${file}  ${kind}  ${right}/${results.length + unchecked}`);
      }
    },

    /** Prints the counts. */
    finish() {
      if (differences > maxDifferences) console.log(`${differences - maxDifferences} more differences`);
      const lines = [
        ["files opened", `${files.opened}/${files.all}`],
        ["operations right", `${operations.right}/${operations.all}`],
      ];
      if (files.empty > 0) {
        lines.unshift(["without operations of their own", `${files.empty}, ${files.emptyRefused} of them refused`]);
      }
      if (files.other > 0) lines.unshift(["not capability files", String(files.other)]);
      const width = Math.max(...lines.map(([label]) => label.length));
      for (const [label, value] of lines) console.log(`${label.padEnd(width)}  ${value}`);
    },

    /** Tells whether there was a capability file and every one did what its YAML says. */
    isRight() {
      return differences === 0 && files.all > 0;
    },
  };
}

function show(value) {
  const text = typeof value === "string" ? JSON.stringify(value) : inspect(value, { depth: 6, breakLength: Infinity });
  return text.length > 600 ? `${text.slice(0, 600)}… (${text.length} characters)` : text;
}
