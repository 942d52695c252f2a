import type { DepartureRule } from "./published/departure.ts";

/** What a rule is about, for people. */
export interface RuleDescription {
  /** What it finds, and why that matters. */
  readonly explanation: string;
  /** How to mend what it finds. */
  readonly fix: string;
  /** Whether `naftiko validate --fix` mends some of it. */
  readonly fixable?: true;
}

const published: Readonly<Record<DepartureRule, RuleDescription>> = {
  "unknown-key": {
    explanation:
      "The published specification has no such key in this place. This runtime reads some keys of published files that it lacks, such as the type of a consumed input, and ignores the others; other tools refuse the file.",
    fix: "Correct the spelling, or move the key to where it belongs. Remove it if nothing reads it.",
    fixable: true,
  },
  "missing-key": {
    explanation:
      "The published specification requires a key that is not there. This runtime can do without it; other tools refuse the file.",
    fix: "Add the key.",
  },
  "exclusive-keys": {
    explanation:
      "Two keys stand side by side of which the published specification allows one. Which of them counts differs between tools.",
    fix: "Keep the key that is meant, and remove the other one.",
  },
  "value-type": {
    explanation:
      "The value is of another type than the published specification asks for, such as a number where it wants text. YAML reads 0.5 as a number and true as a boolean unless they stand in quotes.",
    fix: "Put text in quotes. Write a list where a list is asked for, and a map where a map is.",
    fixable: true,
  },
  "allowed-value": {
    explanation: "The published specification allows a few values in this place, and this is none of them.",
    fix: "Write one of the values that the message lists, in their spelling.",
    fixable: true,
  },
  "name-pattern": {
    explanation:
      "The name has characters that the published specification does not allow in a name. Tools that build references, routes or tool names from it may refuse it.",
    fix: "Rename it, together with everything that refers to it.",
  },
  "text-form": {
    explanation:
      "The text has not the form that the published specification asks for in this place, such as a reference, a date or a URL, or it is too short or too long.",
    fix: "Write it in the form that the message names.",
  },
  "number-range": {
    explanation: "The number is smaller or larger than the published specification allows in this place.",
    fix: "Write a number within the bounds that the message names.",
  },
  "empty-list": {
    explanation:
      "A list or map is empty where the published specification wants at least one entry. It means the same as no list.",
    fix: "Remove the key, or add an entry.",
    fixable: true,
  },
  version: {
    explanation:
      "The version is none that this version knows a published specification of. The file is read all the same, as the newest that its root key stands for.",
    fix: "Write the version of the specification that the file keeps to, in quotes.",
    fixable: true,
  },
};

const other: Readonly<Record<string, RuleDescription>> = {
  yaml: {
    explanation: "The file is not one YAML document, so nothing in it can be read.",
    fix: "Mend the YAML at the place that the message names.",
  },
  document: {
    explanation: "The file is not a capability, is nested too deeply, or cannot be read or written.",
    fix: "Do what the message says; leave out files that are no capabilities.",
  },
  imports: {
    explanation: "Something that the file imports cannot be found, read, or told apart from something else.",
    fix: "Correct the location or the namespace, or allow the folder that is imported from.",
  },
  schema: {
    explanation: "The file cannot run: something that a call needs is missing, or is of the wrong kind.",
    fix: "Mend what the message names.",
  },
  "lenient-reading": {
    explanation:
      "Something is not written as the language wants it, and was read as the one thing that it can mean: other tools may refuse it.",
    fix: "Write what the message says it was read as.",
  },
  overlay: {
    explanation: "The configuration names something that the capability does not have.",
    fix: "Correct the name in the configuration, or remove what it sets.",
  },
  "namespace-unique": {
    explanation: "Two adapters have the same namespace, so a reference to it could mean either.",
    fix: "Rename one of them, together with the references to it.",
  },
  "base-uri": {
    explanation: "The base URI is empty, or no http or https URL: a call has to be told another one.",
    fix: "Write the URL of the API, or give it with each call.",
  },
  "authentication-usable": {
    explanation: "The authentication lacks a member that it needs, or is of a kind that calls cannot use.",
    fix: "Add the member, or choose a kind of authentication that the API takes.",
  },
  "bind-declared": {
    explanation: "A template refers to a variable that its bind does not declare: calls that need it fail.",
    fix: "Declare the variable in the keys of the bind, or correct its name.",
  },
  "environment-parameter": {
    explanation: "A parameter reads the environment by a name that no bind declares, so it has no value.",
    fix: "Declare the name in the keys of a bind.",
  },
  "variable-exposed": {
    explanation:
      "Requests with the value of a variable go to another computer over plain http, where others can read it: calls are refused.",
    fix: "Write an https base URI; where that cannot be, allow it with each call.",
  },
  "bind-reference": {
    explanation:
      "A reference to a bind is written in an old form, which this runtime reads; other tools send its text to the API instead of the value.",
    fix: "Write the reference in double braces.",
    fixable: true,
  },
  "template-syntax": {
    explanation: "A template has a tag that is no variable, or a brace that is not closed.",
    fix: "Write variables as a name in double braces, and nothing else between them.",
  },
  "path-parameter": {
    explanation: "A path parameter has no placeholder in the path, so it is not sent.",
    fix: "Put the placeholder in the path, or give the parameter another location.",
  },
  "transport-header": {
    explanation: "The header belongs to the connection; only the transport may write it, so it is not sent.",
    fix: "Remove the parameter.",
  },
  "raw-format": {
    explanation: "The raw format of the response is none that can be decoded.",
    fix: "Write one of the formats that the message lists.",
  },
  "output-schema": {
    explanation:
      "A format that can only be decoded with a schema has none, or one that needs no schema names one.",
    fix: "Give the path of the schema file, or remove it.",
  },
  "json-path-syntax": {
    explanation: "A path to an output is not JSONPath, or uses a part of it that is not there yet.",
    fix: "Correct the path at the place that the message names.",
  },
  "implied-authentication": {
    explanation:
      "The file binds one credential and declares no authentication, so calls send it as a bearer token.",
    fix: "Declare the authentication to say how the credential is sent.",
  },
};

/** Every rule that a finding may name. */
export const ruleCatalogue: ReadonlyMap<string, RuleDescription> = new Map(
  Object.entries({ ...other, ...published }),
);
