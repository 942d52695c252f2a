import type { SecretMask } from "../base/mask-secrets.ts";
import { visibleLine } from "../base/visible-text.ts";

/** Weights of levels: a logger tells what is at least as heavy as its level. */
const WEIGHTS = { debug: 1, info: 2, warn: 3, error: 4, off: 5 };

type LogLevel = keyof typeof WEIGHTS;

/** Something that a server tells of. */
export interface LogEntry {
  /** In ISO 8601. */
  readonly timestamp: string;
  readonly level: LogLevel;
  readonly logger: string;
  /** One line, with secrets masked. */
  readonly message: string;
}

/** Tells of one part of a server. */
type Logger = Readonly<Record<Exclude<LogLevel, "off">, (message: string) => void>>;

/** Entries that are kept for a reader who comes later. */
const MOST_KEPT = 500;
const LONGEST_MESSAGE = 4_000;

/** Tells whether a text names a level. */
export function isLogLevel(text: string): text is LogLevel {
  return Object.hasOwn(WEIGHTS, text);
}

/** Messages of a server: written, kept for a while, and given to subscribers. */
export class Log {
  readonly #write: (entry: LogEntry) => void;
  readonly #secrets: Pick<SecretMask, "text">;
  readonly #loggers = new Map<string, Logger>();
  readonly #levels = new Map<string, LogLevel>();
  readonly #subscribers = new Set<(entry: LogEntry) => void>();
  #kept: LogEntry[] = [];
  /** Level of loggers that have none of their own. */
  level: LogLevel = "info";

  /** @param write called for each entry, such as for standard error */
  constructor(write: (entry: LogEntry) => void, secrets: Pick<SecretMask, "text">) {
    this.#write = write;
    this.#secrets = secrets;
  }

  /** The last entries, the oldest first. */
  get recent(): readonly LogEntry[] {
    return this.#kept.slice(-MOST_KEPT);
  }

  /** The level of each logger, by name. */
  get levels(): ReadonlyMap<string, LogLevel> {
    return new Map([...this.#loggers.keys()].map(name => [name, this.#levelOf(name)]));
  }

  /** Returns the logger of a part of the server. */
  logger(name: string): Logger {
    let logger = this.#loggers.get(name);
    if (logger === undefined) {
      const teller = (level: LogLevel) => (message: string) => this.#tell(level, name, message);
      logger = { debug: teller("debug"), info: teller("info"), warn: teller("warn"), error: teller("error") };
      this.#loggers.set(name, logger);
    }
    return logger;
  }

  /**
   * Sets the level of a logger.
   *
   * @param level `undefined`: the common one again
   * @returns whether there is such a logger
   */
  setLevel(name: string, level: LogLevel | undefined): boolean {
    if (!this.#loggers.has(name)) return false;
    if (level === undefined) this.#levels.delete(name);
    else this.#levels.set(name, level);
    return true;
  }

  /** Calls a function for each entry that follows. It does not throw. Returns what ends that. */
  subscribe(listener: (entry: LogEntry) => void): () => void {
    this.#subscribers.add(listener);
    return () => this.#subscribers.delete(listener);
  }

  #levelOf(name: string): LogLevel {
    return this.#levels.get(name) ?? this.level;
  }

  #tell(level: LogLevel, logger: string, text: string): void {
    if (WEIGHTS[level] < WEIGHTS[this.#levelOf(logger)]) return;
    const message = visibleLine(this.#secrets.text(text)).slice(0, LONGEST_MESSAGE);
    const entry = Object.freeze({ timestamp: new Date().toISOString(), level, logger, message });
    this.#kept.push(entry);
    // Not with each entry: that would move all others.
    if (this.#kept.length >= 2 * MOST_KEPT) this.#kept = this.#kept.slice(-MOST_KEPT);
    this.#write(entry);
    for (const listener of this.#subscribers) listener(entry);
  }
}
