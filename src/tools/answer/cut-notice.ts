import { countOf } from "../../base/count-of.ts";
import type { Cut } from "./trim.ts";

/** Says how much of which parts of an answer is given, of so many parts at most. */
export function cutNotice(cuts: readonly Cut[], most: number): string {
  const largest = [...cuts].sort((a, b) => leftIn(b) - leftIn(a)).slice(0, most);
  const shown = cuts.filter(cut => largest.includes(cut)).map(cutText);
  if (cuts.length > most) shown.push(`${countOf(cuts.length - most, "smaller part")} of others`);
  return shown.join("; ");
}

function cutText({ path, kind, first, last, total }: Cut): string {
  const of = `of ${numeral(total)} in ${path}`;
  return last < first ? `no ${kind} ${of}` : `${kind} ${numeral(first)}-${numeral(last)} ${of}`;
}

function leftIn({ first, last, total }: Cut): number {
  return total - Math.max(0, last - first + 1);
}

function numeral(number: number): string {
  return number.toLocaleString("en");
}
