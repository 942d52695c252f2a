import { exposedRules } from "./exposed-rules.ts";
import { departureRules } from "./published/departure-rules.ts";
import type { RuleDescription } from "./rule.ts";
import { rules } from "./rules.ts";

/** Findings of other checks than the {@link rules} and the published schemas. */
const others: Readonly<Record<string, RuleDescription>> = {
  yaml: {
    kinds: ["error"],
    explanation: "The file is not one YAML document, so nothing in it can be read.",
    fix: "Mend the YAML at the place that the message names.",
  },
  document: {
    kinds: ["error"],
    explanation: "The file is not a capability, is nested too deeply, or cannot be read or written.",
    fix: "Do what the message says; leave out files that are not capabilities.",
  },
  imports: {
    kinds: ["error"],
    explanation: "Something that the file imports cannot be found, read, or told apart from something else.",
    fix: "Correct the location or the namespace, or allow the folder that is imported from.",
  },
  schema: {
    kinds: ["error"],
    explanation: "The file cannot run: something that a call needs is missing, or is of the wrong kind.",
    fix: "Mend what the message names.",
  },
  "lenient-reading": {
    kinds: ["warning", "departure"],
    explanation:
      "Something is not written as the language wants it, and was read as the one thing that it can mean: other tools may refuse it.",
    fix: "Write what the message says it was read as.",
  },
  overlay: {
    kinds: ["error", "warning"],
    explanation: "The configuration names something that the capability does not have.",
    fix: "Correct the name in the configuration, or remove what it sets.",
  },
  configuration: {
    kinds: ["error"],
    explanation: "The configuration cannot be used, so no call is made with it.",
    fix: "Mend what the message names.",
  },
  lock: {
    kinds: ["error"],
    explanation: "The lock of the files that `add` brings cannot be read, or an entry of it cannot be used.",
    fix: "Mend the entry that the message names, or add the file again.",
  },
  openapi: {
    kinds: ["warning"],
    explanation:
      "An import leaves a part of an OpenAPI description out, or reads it in another way than it is written.",
    fix: "Look whether calls need the part; add it to the capability, or mend the description.",
  },
  recording: {
    kinds: ["error"],
    explanation: "The file of recorded calls cannot be replayed.",
    fix: "Mend what the message names, or record the calls again.",
  },
  "bind-reference": {
    kinds: ["departure"],
    explanation:
      "A reference to a bind is written in an old form, which this runtime reads; other tools send its text to the API instead of the value.",
    fix: "Write the reference in double braces.",
    fixable: true,
  },
  "bind-declared": {
    kinds: ["error", "warning"],
    explanation:
      "A template names a variable that no bind declares, or looks like a reference and is none: calls that need it fail. In a bind without location such a name is read from the environment, which the file does not say.",
    fix: "Declare the variable in the keys of the bind, or write its name as the message says.",
  },
  "ignore-comment": {
    kinds: ["warning"],
    explanation: "A comment that switches rules off for a line names none that can be switched off.",
    fix: "Write the names of rules behind naftiko-ignore, with commas between them.",
  },
  "literal-credential": {
    kinds: ["warning"],
    explanation:
      "A credential stands in the file, where everybody who has the file can read it; or a placeholder of documentation does, and is sent as it stands.",
    fix: "Declare a variable in binds, and write its name in double braces in place of the text.",
  },
  "implied-authentication": {
    kinds: ["info"],
    explanation: "The file binds one credential and declares no authentication, so calls send it as a bearer token.",
    fix: "Declare the authentication to say how the credential is sent.",
  },
};

/** Every rule that a finding may name. */
export const ruleCatalogue: ReadonlyMap<string, RuleDescription> = new Map([
  ...Object.entries(others),
  ...exposedRules.map(rule => [rule.name, rule] as const),
  ...rules.filter(({ name }) => !Object.hasOwn(departureRules, name)).map(rule => [rule.name, rule] as const),
  ...Object.entries(departureRules),
]);
