import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

const OPERATIONS = 3200;

/**
 * Makes a folder with one capability file of 2 MB and thousands of operations, like the largest published files, passes
 * it to `use`, and removes it.
 *
 * @template Result
 * @param {(folder: string, operations: number) => Promise<Result>} use
 */
export async function withLargeFile(use) {
  const folder = await mkdtemp(path.join(os.tmpdir(), "naftiko-bench-"));
  try {
    await writeFile(path.join(folder, "large.yaml"), largeFile());
    return await use(folder, OPERATIONS);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function largeFile() {
  const head = `naftiko: 1.0.0-alpha2
info:
  label: Large
binds:
- namespace: env
  keys:
    LARGE_TOKEN: LARGE_TOKEN
capability:
  consumes:
  - type: http
    namespace: large
    baseUri: https://api.large.test/v1
    authentication:
      type: bearer
      token: '{{env.LARGE_TOKEN}}'
    resources:
`;
  return head + Array.from({ length: OPERATIONS }, (_, index) => resource(index)).join("");
}

function resource(index) {
  return `    - name: groups-${index}-id
      path: /groups-${index}/{group_id}/items/{item-id}
      operations:
      - name: get-groups-${index}
        method: GET
        description: 'Reads the items of group ${index}: a text that says what the operation does, when to call it
          and what it returns.'
        inputParameters:
        - name: group_id
          in: path
          type: string
          description: Identifier of the group.
          required: true
        - name: $top
          in: query
          type: integer
        outputRawFormat: json
        outputParameters:
        - name: result
          type: object
          value: $.
`;
}
