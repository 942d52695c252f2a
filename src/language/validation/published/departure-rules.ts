import type { RuleDescription } from "../rule.ts";
import { version } from "../rules/version.ts";
import type { DepartureRule } from "./departure.ts";

/** Rules of the published specification. */
export const departureRules: Readonly<Record<DepartureRule, RuleDescription>> = {
  "unknown-key": {
    kinds: ["warning", "departure"],
    explanation:
      "The published specification has no such key in this place. This runtime reads some keys that it lacks, such as the type of a consumed input: these are departures. A key in the consumed part that nothing reads is a warning, since calls do not do what it says. Other tools refuse the file for both.",
    fix: "Correct the spelling, or move the key to where it belongs. Remove it if nothing reads it.",
    fixable: true,
  },
  "missing-key": {
    kinds: ["departure"],
    explanation:
      "The published specification requires a key that is not there. This runtime can do without it; other tools refuse the file.",
    fix: "Add the key.",
  },
  "exclusive-keys": {
    kinds: ["departure"],
    explanation:
      "Two keys stand side by side of which the published specification allows one. Which of them counts differs between tools.",
    fix: "Keep the key that is meant, and remove the other one.",
  },
  "value-type": {
    kinds: ["departure"],
    explanation:
      "The value is of another type than the published specification asks for, such as a number where it wants text. YAML reads 0.5 as a number and true as a boolean unless they stand in quotes.",
    fix: "Put text in quotes. Write a list where a list is asked for, and a map where a map is.",
    fixable: true,
  },
  "allowed-value": {
    kinds: ["departure"],
    explanation: "The published specification allows a few values in this place, and this is not one of them.",
    fix: "Write one of the values that the message lists, in their spelling.",
    fixable: true,
  },
  "name-pattern": {
    kinds: ["departure"],
    explanation:
      "The name has characters that the published specification does not allow in a name. Tools that build references, routes or tool names from it may refuse it.",
    fix: "Rename it, together with everything that refers to it.",
  },
  "text-form": {
    kinds: ["departure"],
    explanation:
      "The text has not the form that the published specification asks for in this place, such as a reference, a date or a URL, or it is too short or too long.",
    fix: "Write it in the form that the message names.",
  },
  "number-range": {
    kinds: ["departure"],
    explanation: "The number is smaller or larger than the published specification allows in this place.",
    fix: "Write a number within the bounds that the message names.",
  },
  "empty-list": {
    kinds: ["departure"],
    explanation:
      "A list or map is empty where the published specification wants at least one entry. It means the same as no list.",
    fix: "Remove the key, or add an entry.",
    fixable: true,
  },
  version,
};
