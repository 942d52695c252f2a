import { readFile } from "node:fs/promises";
import path from "node:path";

// What the command takes of BullMQ. Its drivers are in files of their own, which other parts of the command use too.

const ROOM = /[\\/]node_modules[\\/]bullmq[\\/]dist[\\/]esm[\\/]/;
/** Modules of schedules, of processes for jobs, and of other drivers of Redis. */
const UNUSED =
  /^(?:cron-parser|luxon|\.\/(?:node-redis-client|bun-redis-client|valkey-glide-client|child-pool|child-processor|sandbox))$/;

/** Scripts for Redis of schedules, flows, relays, priorities and delays: nobody runs them. */
const UNUSED_SCRIPTS =
  /(?:relay\w*|\w*JobScheduler\w*|addParentJob|addDelayedJob|addPrioritizedJob|changeDelay|changePriority|promote|moveToWaitingChildren|cleanJobsInSet|getMetrics|getDependencyCounts|getCountsPerPriority|removeOrphanedJobs|removeChildDependency|removeUnprocessedChildren|removeDeduplicationKey|obliterate|paginate)-\d+\.js$/;

/** Leaves out the parts of BullMQ that are not used, and the comments of its scripts for Redis and Postgres. */
export const bullmqPlugin = {
  name: "bullmq",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: UNUSED }, ({ path: name, importer }) =>
      ROOM.test(importer) || importer.includes("cron-parser") ? { path: name, namespace: "unused" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "unused" }, () => ({ contents: "module.exports = {};" }));
    onLoad({ filter: /[\\/]bullmq[\\/]dist[\\/]esm[\\/]scripts[\\/].*\.js$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, "utf8")).replace(
        /`[^`]*`/g,
        UNUSED_SCRIPTS.test(file) ? "`return redis.error_reply('unused')`" : withoutLuaComments,
      ),
    }));
    onLoad({ filter: /[\\/]bullmq[\\/]dist[\\/]esm[\\/]postgres[\\/]sql-scripts\.js$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, "utf8")).replace(/^( {4}"[^"]*": )(".*")(,?)$/gm, withoutSqlComments),
      resolveDir: path.dirname(file),
    }));
  },
};

/** Removes comments on lines of their own, and indentation. The scripts have no text of several lines. */
function withoutLuaComments(text) {
  return text.replace(/--\[\[[\s\S]*?\]\]/g, "").replace(/^[ \t]*(?:--.*)?\n|^[ \t]+/gm, "");
}

function withoutSqlComments(_line, name, text, comma) {
  const sql = JSON.parse(text).replace(/^[ \t]*(?:--.*)?\n|^[ \t]+/gm, "");
  return `${name}${JSON.stringify(sql)}${comma}`;
}
