/** Replacement of a range of a text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies edits that do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let edited = text;
  for (const { start, end, text: replacement } of [...edits].sort((a, b) => b.start - a.start))
    edited = edited.slice(0, start) + replacement + edited.slice(end);
  return edited;
}

export function overlap(one: Edit, other: Edit): boolean {
  return one.start < other.end && other.start < one.end;
}
