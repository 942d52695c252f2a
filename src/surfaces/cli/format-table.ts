import { isJsonObject } from "../../base/json-object.ts";
import { stringify } from "../../base/numbers/exact-json.ts";
import { visibleText } from "../../base/visible-text.ts";
import { shortened } from "./shortened.ts";

const WIDEST_COLUMN = 40;
const COLUMN_GAP = 2;

/**
 * Returns a value as a table for people: a list of objects with a column a member, an object with a row a member.
 * Outputs that only wrap one list are unwrapped first.
 */
export function formatTable(value: unknown, columns = 120): string[] {
  const inner = unwrap(value);
  if (Array.isArray(inner)) return listTable(inner, columns);
  if (isJsonObject(inner)) return recordTable(inner, columns);
  return [cell(inner, columns)];
}

/**
 * Unwraps a list: `{ result: { data: [ … ], total: 3 } }` is a table of `data`, since people ask for the list and not
 * its envelope.
 */
function unwrap(value: unknown): unknown {
  let current = value;
  while (isJsonObject(current)) {
    const members = Object.values(current);
    const lists = members.filter(member => Array.isArray(member) && member.some(isJsonObject));
    const [only] = members.length === 1 ? members : lists.length === 1 ? lists : [];
    if (only === undefined || !(isJsonObject(only) || Array.isArray(only))) return current;
    current = only;
  }
  return current;
}

function listTable(rows: readonly unknown[], columns: number): string[] {
  if (rows.length === 0) return ["(empty)"];
  if (!rows.some(isJsonObject)) return rows.map(row => cell(row, columns));
  const names = shownNames(rows, columns);
  const header = Object.fromEntries(names.map(name => [name, name]));
  const all = [header, ...rows];
  const widths = names.map(name =>
    all.reduce((widest: number, row) => Math.max(widest, memberCell(row, name).length), 0),
  );
  return all.map(row => line(names.length, column => memberCell(row, names[column] ?? ""), widths, columns));
}

function memberCell(row: unknown, name: string): string {
  return cell(isJsonObject(row) && Object.hasOwn(row, name) ? row[name] : undefined, WIDEST_COLUMN);
}

/**
 * Returns the names of the columns that fit on a line. If each row has other names, all columns would be the square of
 * an answer.
 */
function shownNames(rows: readonly unknown[], columns: number): string[] {
  const names = new Set<string>();
  let width = 0;
  for (const row of rows) {
    if (!isJsonObject(row)) continue;
    for (const name of Object.keys(row)) {
      if (names.has(name)) continue;
      names.add(name);
      width += cell(name, WIDEST_COLUMN).length + COLUMN_GAP;
      if (width > columns + COLUMN_GAP) return [...names];
    }
  }
  return [...names];
}

function recordTable(record: Readonly<Record<string, unknown>>, columns: number): string[] {
  const names = Object.keys(record);
  if (names.length === 0) return ["(empty)"];
  const width = names.reduce((widest, name) => Math.max(widest, cell(name, WIDEST_COLUMN).length), 0);
  return names.map(name =>
    line(2, column => (column === 0 ? cell(name, WIDEST_COLUMN) : cell(record[name], columns)), [width, 0], columns),
  );
}

/**
 * Returns one line of cells. They are made here and not kept: all those of a long table would be many times the answer.
 */
function line(count: number, cellAt: (column: number) => string, widths: readonly number[], columns: number): string {
  let text = "";
  let end = 0;
  for (let column = 0; column < count && text.length <= columns; column++) {
    const shown = cellAt(column);
    if (shown !== "") text = `${text.padEnd(end)}${shown}`;
    end += (widths[column] ?? 0) + COLUMN_GAP;
  }
  return shortened(text.trimEnd(), columns);
}

function cell(value: unknown, widest: number): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const whole = typeof value === "string" ? value : (stringify(value) ?? "");
  // Text further behind is not shown: at most, two characters become one.
  return shortened(visibleText(whole.slice(0, 2 * widest + 2)).replaceAll("\n", " "), widest);
}
