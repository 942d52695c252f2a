/** Rows of cells as lines, each column as wide as its widest cell, or as `widest` where that is less. */
export function alignColumns(
  rows: readonly (readonly string[])[],
  widest: number = Number.POSITIVE_INFINITY,
): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (let column = 0; column < row.length; column++) {
      const { length } = row[column] as string;
      const width = length < widest ? length : widest;
      if (width > (widths[column] ?? -1)) widths[column] = width;
    }
  }
  return rows.map(row => {
    let line = "";
    for (let column = 0; column < row.length; column++) {
      if (column > 0) line += "  ";
      line += (row[column] as string).padEnd(widths[column] as number);
    }
    return line.trimEnd();
  });
}
