import type { BatchRecord } from "./job.ts";
import type { JobQueue } from "./job-queue.ts";

/** Characters of a hash that tell it from others. */
const SHOWN = 12;

/** Says why nobody does the rows of a batch. `undefined`: a worker is there that may. */
export async function absentWorkers(queue: JobQueue, { capability }: BatchRecord): Promise<string | undefined> {
  const workers = await queue.patiently(() => queue.store.workers());
  if (workers.some(({ capabilities }) => capabilities.some(({ hash }) => hash === capability.hash))) return undefined;
  const { name, hash } = capability;
  const unfit = workers.flatMap(worker =>
    (worker.unfit ?? []).filter(other => other.hash === hash).map(({ problem }) => `${worker.host} has ${problem}`),
  );
  if (unfit.length > 0) return `No worker can do rows of ${name}: ${[...new Set(unfit)].join("; ")}; the rows wait`;
  const others = workers.flatMap(({ host, capabilities }) =>
    capabilities.filter(other => other.name === name).map(other => `${host} has ${other.hash.slice(0, SHOWN)}`),
  );
  if (others.length > 0) {
    return `No worker has this ${name} (${hash.slice(0, SHOWN)}): ${[...new Set(others)].join(", ")}. Give workers the same file; the rows wait`;
  }
  if (workers.length > 0)
    return `No worker has ${name}: start one with --capability, or give it to those that run; the rows wait`;
  return `No worker is at the queue ${queue.shown}: start one with naftiko worker; the rows wait`;
}
