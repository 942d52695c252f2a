/** Rows of cells as lines, each column as wide as its widest cell, or as `widest` where that is less. */
export function alignColumns(
  rows: readonly (readonly string[])[],
  widest: number = Number.POSITIVE_INFINITY,
): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, Math.min(cell.length, widest));
    }
  }
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
