import { isJsonObject, type JsonObject, member } from "../../../base/json-object.ts";
import { stringify } from "../../../base/numbers/exact-json.ts";
import type { AnswerFormat } from "./answer-format.ts";

/** Comma-separated values (RFC 4180) of a list of objects, or of the only list of an object. */
export const csv: AnswerFormat = {
  async write(value) {
    const table = tableOf(value);
    if (table === undefined) return undefined;
    const columns = [...new Set(table.rows.flatMap(row => Object.keys(row)))];
    const lines = [columns, ...table.rows.map(row => columns.map(column => member(row, column)))];
    return {
      text: lines.map(cells => cells.map(cellText).join(",")).join("\r\n"),
      note:
        table.others === undefined ? undefined : `The table is ${table.name}. Beside it: ${stringify(table.others)}`,
    };
  },
};

interface Table {
  readonly rows: readonly JsonObject[];
  readonly name: string | undefined;
  /** The other members of the object that holds the list. */
  readonly others: JsonObject | undefined;
}

function tableOf(value: unknown): Table | undefined {
  if (isRows(value)) return { rows: value, name: undefined, others: undefined };
  if (!isJsonObject(value)) return undefined;
  const lists = Object.keys(value).filter(name => isRows(value[name]));
  const [name] = lists;
  if (name === undefined || lists.length > 1) return undefined;
  const others = Object.entries(value).filter(([other]) => other !== name);
  return {
    rows: value[name] as JsonObject[],
    name: JSON.stringify(name),
    others: others.length === 0 ? undefined : Object.fromEntries(others),
  };
}

function isRows(value: unknown): value is JsonObject[] {
  return Array.isArray(value) && value.length > 0 && value.every(isJsonObject);
}

/** Writes a cell: a text as it is, everything else as JSON, nothing for `null`. */
function cellText(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "string" ? value : (stringify(value) ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
