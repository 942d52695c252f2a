import { createHash } from "node:crypto";
import type { JournalHeader } from "../../../batch/journal/journal-header.ts";
import type { Operation } from "../../../language/model/types.ts";
import type { BatchArguments } from "./batch-arguments.ts";

/**
 * Returns the facts that a run and every resume of it have in common.
 *
 * @param queue name of the queue that has the rows
 */
export function batchHeader(
  given: BatchArguments,
  { reference }: Pick<Operation, "reference">,
  capability: string,
  source: string | undefined,
  queue: string | undefined,
): JournalHeader {
  const { maps, sets, key, shard, order, failed, headers, query, baseUris, mock } = given;
  const options: [string, string | undefined][] = [
    ["--map", maps.length === 0 ? undefined : maps.map(pair => pair.join("=")).join(", ")],
    ["--key", key],
    ["--base-uri", baseUris.length === 0 ? undefined : baseUris.join(", ")],
    ["--profile", given.open.profile],
    ["--mock", mock ? "" : undefined],
    // Rows that workers still have would be done twice by whoever goes on without them.
    ["--queue", queue],
    // Their values may be secrets.
    ["--set#", sets.length === 0 ? undefined : hashOf(sets)],
    ["--header#", headers && hashOf(headers)],
    ["--query#", query && hashOf(query)],
  ];
  return {
    ...{ source: source ?? null, capability, operation: reference, order },
    options: Object.fromEntries(options.filter((option): option is [string, string] => option[1] !== undefined)),
    splitsFailed: failed !== undefined,
    firstRow: shard.index,
    rowStep: shard.count,
  };
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url");
}
