/** What a metric measures. */
interface SeriesSettings {
  /** With dots, as OpenTelemetry names metrics. */
  readonly name: string;
  readonly help: string;
  /** As OpenTelemetry names attributes. */
  readonly labels: readonly string[];
}

/** Numbers of one set of labels. */
export interface Cell {
  readonly labels: Readonly<Record<string, string>>;
  count: number;
  sum: number;
  /** How many values lie within each of {@link BUCKETS}, and how many beyond the last. */
  readonly buckets: number[];
}

/** Upper bounds of durations in seconds: those of OpenTelemetry's conventions for HTTP. */
export const BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Most sets of labels of one metric. */
const MOST_CELLS = 500;
/** Labels of the set that everything beyond them shares. */
const OTHER = "other";

/** Numbers of one metric by labels. A value costs one look-up: the work is in reading them. */
export class Series {
  readonly settings: SeriesSettings;
  readonly #cells = new Map<string, Cell>();

  constructor(settings: SeriesSettings) {
    this.settings = settings;
  }

  get cells(): readonly Cell[] {
    return [...this.#cells.values()];
  }

  /**
   * Adds a value, and gives what it was added to.
   *
   * @param values of the labels; an empty one is left out
   */
  add(value: number, ...values: readonly string[]): Cell {
    const cell = this.#cells.get(values.join("\0")) ?? this.#open(values);
    let bucket = 0;
    while (bucket < BUCKETS.length && value > (BUCKETS[bucket] ?? 0)) bucket++;
    cell.count++;
    cell.sum += value;
    cell.buckets[bucket] = (cell.buckets[bucket] ?? 0) + 1;
    return cell;
  }

  #open(values: readonly string[]): Cell {
    const { labels } = this.settings;
    const isFull = this.#cells.size >= MOST_CELLS - 1;
    const kept = isFull ? labels.map(() => OTHER) : values;
    const key = kept.join("\0");
    const found = this.#cells.get(key);
    if (found !== undefined) return found;
    const pairs = labels.map((label, index) => [label, kept[index] ?? ""] as const).filter(([, value]) => value !== "");
    const cell: Cell = {
      labels: Object.freeze(Object.fromEntries(pairs)),
      count: 0,
      sum: 0,
      buckets: new Array<number>(BUCKETS.length + 1).fill(0),
    };
    this.#cells.set(key, cell);
    return cell;
  }
}
