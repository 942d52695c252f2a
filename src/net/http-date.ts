const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The three forms of RFC 9110, 5.6.7: IMF-fixdate, and the obsolete ones of RFC 850 and of C's asctime. */
const FORMS = [
  /^\w{3}, (?<day>\d{2}) (?<month>\w{3}) (?<year>\d{4}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/,
  /^\w{6,9}, (?<day>\d{2})-(?<month>\w{3})-(?<year>\d{2}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/,
  /^\w{3} (?<month>\w{3}) (?<day>[ \d]\d) (?<time>\d{2}:\d{2}:\d{2}) (?<year>\d{4})$/,
];

const MS_PER_YEAR = 365.25 * 24 * 3_600_000;

/**
 * Reads an HTTP date, in milliseconds since 1970. `undefined` if the text is not one.
 *
 * @param now tells which century a year of two digits is of: none more than 50 years ahead
 */
export function parseHttpDate(text: string, now: number): number | undefined {
  for (const form of FORMS) {
    const { day, month = "", year = "", time = "" } = form.exec(text)?.groups ?? {};
    if (day === undefined) continue;
    const [hours = 0, minutes = 0, seconds = 0] = time.split(":").map(Number);
    const monthIndex = MONTHS.indexOf(month);
    if (monthIndex < 0 || hours > 23 || minutes > 59 || seconds > 60) return undefined;
    const at = (fullYear: number) => Date.UTC(fullYear, monthIndex, Number(day), hours, minutes, seconds);
    if (new Date(at(2000 + (Number(year) % 400))).getUTCMonth() !== monthIndex) return undefined;
    if (year.length === 4) return at(Number(year));
    const late = at(2000 + Number(year));
    return late - now > 50 * MS_PER_YEAR ? at(1900 + Number(year)) : late;
  }
  return undefined;
}
