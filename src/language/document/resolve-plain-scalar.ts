import { ExactNumber, type NumberForm, readNumber } from "../../base/numbers/exact-number.ts";

const INTEGER = /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/;
const FLOAT =
  /^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ["", null],
  ["~", null],
  ["null", null],
  ["Null", null],
  ["NULL", null],
  ["true", true],
  ["True", true],
  ["TRUE", true],
  ["false", false],
  ["False", false],
  ["FALSE", false],
]);

const LONGEST_WORD = 5;
const NINE = 57;

/**
 * Returns the value of a plain scalar in the core schema of YAML 1.2 (chapter 10.3.2).
 *
 * @param numbers form of numbers that a double cannot hold; without it they are rounded
 */
export function resolvePlainScalar(text: string, numbers?: NumberForm): unknown {
  // Digits and + - . come first among the printable characters; few texts begin with them.
  if (text.charCodeAt(0) <= NINE) {
    if (INTEGER.test(text)) return numbers === undefined ? Number(text) : exactInteger(text, numbers);
    if (FLOAT.test(text)) return numbers === undefined ? toFloat(text) : exactFloat(text, numbers);
    return text;
  }
  if (text.length > LONGEST_WORD) return text;
  const word = WORDS.get(text);
  return word === undefined ? text : word;
}

function toFloat(text: string): number {
  const lower = text.toLowerCase();
  if (lower.endsWith("nan")) return Number.NaN;
  if (lower.endsWith("inf")) return lower.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}

function exactInteger(text: string, numbers: NumberForm): unknown {
  // What is written in another base has the digits of its value.
  return /^0[ox]/.test(text) ? readNumber(String(BigInt(text)), numbers) : exactDecimal(text, numbers);
}

function exactFloat(text: string, numbers: NumberForm): unknown {
  if (!/[nN]/.test(text)) return exactDecimal(text, numbers);
  // JSON has neither infinity nor NaN, and would write null.
  return numbers === "written" ? toFloat(text) : text;
}

/** Returns the value of a decimal number. YAML allows a plus, zeros in front, and no digit on one side of the point. */
function exactDecimal(text: string, numbers: NumberForm): unknown {
  const [, sign, whole, rest = ""] = /^([-+]?)0*([0-9]*)(.*)$/.exec(text) ?? [];
  const json = `${sign === "-" ? "-" : ""}${whole || "0"}${rest.replace(/^\.(?![0-9])/, "")}`;
  const value = readNumber(json, numbers);
  return numbers === "written" && json !== text && text !== String(value) ? new ExactNumber(text, json) : value;
}
