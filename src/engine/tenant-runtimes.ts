import { CapabilityError } from "../base/capability-error.ts";
import { getOrSet } from "../base/get-or-set.ts";

/** Most tenants that are open at the same time; of more, those that have not called for the longest time are closed. */
const MOST_OPEN = 1_000;

/** A capability, opened for one tenant. */
interface OpenedForTenant {
  readonly isIdle: boolean;
  close(): Promise<void>;
}

/**
 * A capability opened for each tenant that calls. Each has values of variables, tokens, connections, kept answers and limits
 * of its own: whatever one of them keeps, no other can find.
 */
export class TenantRuntimes<Opened extends OpenedForTenant> {
  readonly #open: (tenant: string) => Promise<Opened>;
  readonly #mostOpen: number;
  /** In the order of their last use. */
  readonly #opened = new Map<string, Opened>();
  readonly #opening = new Map<string, Promise<Opened>>();
  #last: string | undefined;
  #isClosed = false;

  constructor(open: (tenant: string) => Promise<Opened>, mostOpen: number = MOST_OPEN) {
    this.#open = open;
    this.#mostOpen = mostOpen;
  }

  /**
   * Does the work of a call for its tenant.
   *
   * @param called named in the error of a call without a tenant
   * @throws CapabilityError `OPERATION_REFUSED`
   */
  use<Result>(tenant: string | undefined, called: string, work: (opened: Opened) => Promise<Result>): Promise<Result> {
    if (tenant === undefined) return Promise.reject(withoutTenant(called));
    const opened = this.#opened.get(tenant);
    if (opened === undefined) return this.#add(tenant).then(work);
    if (this.#last !== tenant) {
      this.#last = tenant;
      this.#opened.delete(tenant);
      this.#opened.set(tenant, opened);
    }
    return work(opened);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#opening.values());
    await Promise.all([...this.#opened.values()].map(opened => opened.close()));
  }

  #add(tenant: string): Promise<Opened> {
    return getOrSet(this.#opening, tenant, async () => {
      try {
        const opened = await this.#open(tenant);
        this.#opened.set(tenant, opened);
        this.#makeRoom();
        // Otherwise it would refuse the call as one that comes too late.
        if (this.#isClosed) void opened.close();
        return opened;
      } finally {
        this.#opening.delete(tenant);
      }
    });
  }

  /** Closes those that have not called for the longest time. None is closed that has a call under way. */
  #makeRoom(): void {
    for (const [tenant, opened] of this.#opened) {
      if (this.#opened.size <= this.#mostOpen) return;
      if (!opened.isIdle || this.#opened.size === 1) continue;
      this.#opened.delete(tenant);
      void opened.close();
    }
  }
}

function withoutTenant(operation: string): CapabilityError<"OPERATION_REFUSED"> {
  const reason = "the call is of no tenant, and the configuration has tenants";
  const message = `Cannot call "${operation}": ${reason}`;
  return new CapabilityError("OPERATION_REFUSED", { message, details: { operation, rule: "tenants", reason } });
}
