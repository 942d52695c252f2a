import type { DryRunForm } from "../run-options.ts";
import { curl } from "./forms/curl.ts";
import { fetchForm } from "./forms/fetch.ts";
import { har } from "./forms/har.ts";
import { httpie } from "./forms/httpie.ts";
import { json } from "./forms/json.ts";
import { python } from "./forms/python.ts";
import { text } from "./forms/text.ts";
import type { ShowForm } from "./show-form.ts";

/** Every form of `--dry-run`. */
export const showForms: Readonly<Record<DryRunForm, ShowForm>> = {
  text,
  json,
  curl,
  har,
  httpie,
  fetch: fetchForm,
  python,
};
