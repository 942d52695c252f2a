import type { EndedRow } from "../../../batch/row.ts";

/** Numbers of rows by how they ended. */
export class BatchCount {
  readonly byStatus: Map<string, number> = new Map<string, number>();
  /** Rows that ended in this run. */
  rows = 0;
  failed = 0;

  /** Counts a row that has ended. */
  add({ status, error }: Pick<EndedRow, "status" | "error">): void {
    this.rows++;
    if (error !== undefined) this.failed++;
    const name = String(status);
    this.byStatus.set(name, (this.byStatus.get(name) ?? 0) + 1);
  }
}
