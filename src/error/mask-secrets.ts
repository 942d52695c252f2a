const MASK = "***";
/** Shorter values are masked nowhere: they occur by chance in every text, and masking them would only destroy it. */
const SHORTEST_SECRET = 4;
const DEEPEST = 64;

/**
 * The secrets one process has handled, with the encodings in which they may reappear. Masking replaces each by `***`
 * wherever it stands, also percent-encoded, form-encoded or JSON-escaped. What is derived from a secret (base64 of Basic
 * credentials) is added by whoever derives it.
 */
export class SecretMask {
  readonly #forms = new Set<string>();
  #pattern: RegExp | undefined;

  /** Remembers a secret and its encoded forms. */
  add(secret: string): void {
    if (secret.length < SHORTEST_SECRET || this.#forms.has(secret)) return;
    for (const form of encodedForms(secret)) this.#forms.add(form);
    this.#pattern = undefined;
  }

  /** Forgets a secret that is none any more, so that a long life does not collect them. */
  remove(secret: string): void {
    for (const form of encodedForms(secret)) this.#forms.delete(form);
    this.#pattern = undefined;
  }

  /** `text` with every known secret replaced. */
  text(text: string): string {
    if (this.#forms.size === 0) return text;
    this.#pattern ??= longestFirst(this.#forms);
    return text.replace(this.#pattern, MASK);
  }

  /** A copy of a JSON-like value with every known secret replaced in its strings and member names. */
  value(value: unknown, depth = 0): unknown {
    if (this.#forms.size === 0) return value;
    if (typeof value === "string") return this.text(value);
    if (typeof value !== "object" || value === null) return value;
    if (depth > DEEPEST) return MASK;
    if (Array.isArray(value)) return value.map(item => this.value(item, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [this.text(name), this.value(member, depth + 1)]),
    );
  }
}

function encodedForms(secret: string): string[] {
  const percent = encodeURIComponent(secret.toWellFormed());
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    percent,
    percent.replace(/%[0-9A-F]{2}/g, hex => hex.toLowerCase()),
    new URLSearchParams([["", secret]]).toString().slice(1),
    json,
    JSON.stringify(json).slice(1, -1),
  ];
}

function longestFirst(forms: ReadonlySet<string>): RegExp {
  const sorted = [...forms].sort((a, b) => b.length - a.length);
  return new RegExp(sorted.map(form => form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
}
