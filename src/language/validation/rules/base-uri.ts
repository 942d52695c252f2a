import { baseUriProblem, shownBaseUri } from "../../expression/base-uri.ts";
import type { Rule } from "../rule.ts";

/** Finds base URIs that calls cannot use as they are. An option can replace them. */
export const baseUri: Rule = {
  name: "base-uri",
  kinds: ["warning"],
  explanation:
    "The base URI is empty, not an http or https URL, or reached by a tunnel, which this runtime cannot open: a call has to be given another one.",
  fix: "Write the URL of the API, or give it with each call.",
  adapter({ namespace, baseUri: declared, tunnel }, pointer, report) {
    const text = (declared ?? "").trim();
    const remedy = { option: "baseUri", namespace } as const;
    if ((tunnel ?? undefined) !== undefined) {
      const message = `"${namespace}" is reached by a tunnel, which this runtime cannot open: every call needs another base URI`;
      report("warning", `${pointer}/tunnel`, message, remedy);
    }
    if (text === "") {
      const message = `The base URI of "${namespace}" is empty, and every call needs a base URI`;
      report("warning", `${pointer}/baseUri`, message, remedy);
    } else if (!text.includes("{")) {
      const problem = baseUriProblem(text);
      if (problem !== undefined) {
        const shown = shownBaseUri(text);
        report(
          "warning",
          // The line itself would be shown, and the password in it.
          shown === text ? `${pointer}/baseUri` : pointer,
          `The base URI ${JSON.stringify(shown)} ${problem}: every call needs another`,
          remedy,
        );
      }
    }
  },
};
