/** Order of the lines of an output: as rows end, or that of the rows. */
export type RowOrder = "finished" | "rows";
