import type { ShowForm } from "./show-form.ts";

export type DryRunForm = "text" | "json" | "curl" | "har" | "httpie" | "fetch" | "python";

interface FormRow {
  /** Whether the form is for reading, not for making the call. */
  readonly isPlain?: true;
  load(): Promise<ShowForm>;
}

/** The forms of `--dry-run`. */
export const showForms: Readonly<Record<DryRunForm, FormRow>> = {
  text: { isPlain: true, load: async () => (await import("./forms/text.ts")).text },
  json: { isPlain: true, load: async () => (await import("./forms/json.ts")).json },
  curl: { load: async () => (await import("./forms/curl.ts")).curl },
  har: { load: async () => (await import("./forms/har.ts")).har },
  httpie: { load: async () => (await import("./forms/httpie.ts")).httpie },
  fetch: { load: async () => (await import("./forms/fetch.ts")).fetchForm },
  python: { load: async () => (await import("./forms/python.ts")).python },
};
