/** Returns a number with its noun: `1 page`, `2 pages`. */
export function countOf(number: number, noun: string, plural: string = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}
