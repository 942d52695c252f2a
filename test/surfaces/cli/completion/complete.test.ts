import { beforeAll, describe, expect, it } from "vitest";
import { printCompletion } from "../../../../src/surfaces/cli/completion/print-completion.ts";
import { type CapabilityDeclaration, capabilityText } from "../../../support/capability-text.ts";
import { SHOP } from "../../../support/completed-capability.ts";
import { runMain } from "../../../support/run-main.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

let cwd: string;

function listing(namespace: string, input: string): CapabilityDeclaration {
  const inputParameters = [{ name: input, in: "query", type: "string" }];
  return { namespace, operations: [{ name: "list", method: "GET", path: "/things", inputParameters }] };
}

const FLEET = `
naftiko: "1.0.0-alpha3"
capability:
  consumes:
  - { type: http, namespace: reg, baseUri: "https://reg.example", resources: [{ name: ship, path: /ship, operations: [{ name: get-ship, method: GET }] }] }
  aggregates:
  - label: Fleet
    namespace: fleet
    functions:
    - name: find
      description: Find a ship
      inputParameters: [{ name: flag, type: string, description: Its flag }, { name: old, type: boolean, description: Its age, required: false }]
      call: reg.get-ship
      outputParameters: [{ type: object, properties: { id: { type: string, mapping: $.id } } }]
`;

beforeAll(async () => {
  cwd = await temporaryFolder({
    "capabilities/shop.yaml": SHOP,
    "capabilities/shoes.yaml": SHOP,
    "capabilities/fleet.yaml": FLEET,
    "capabilities/broken.yaml": "naftiko: [",
    "capabilities/twice.yaml": capabilityText({ ...listing("one", "a"), others: [listing("two", "b")] }),
    "more/deep/team.yaml": SHOP,
  });
});

/** Words, of which the last is the one at the cursor; then the words that may stand there, or some of them. */
const CASES: readonly {
  readonly words: readonly string[];
  readonly all?: readonly string[];
  readonly some?: readonly string[];
  readonly none?: readonly string[];
  /** Where paths will do: their kind, and the text before them. */
  readonly paths?: readonly [kind: "files" | "folders", behind: string];
}[] = [
  { words: [""], some: ["run", "list", "describe", "validate", "mock", "completion", "help"], none: ["__complete"] },
  { words: ["va"], all: ["validate"] },
  { words: ["-"], some: ["--verbose", "--no-color", "--version", "--help"], none: ["--dry-run"] },
  { words: ["--no-color", "-v", "va"], all: ["validate"] },
  { words: ["help", "va"], all: ["validate"] },
  { words: ["unknown", ""], all: [] },
  { words: ["completion", ""], all: ["bash", "zsh", "fish"] },
  { words: ["completion", "z"], all: ["zsh"] },

  { words: ["run", "sho"], all: ["shoes", "shop"] },
  { words: ["run", "--no-color", "--env-file", "x", "sho"], all: ["shoes", "shop"] },
  { words: ["-v", "run", "sho"], all: ["shoes", "shop"] },
  { words: ["run", "./cap"], all: [], paths: ["files", ""] },
  { words: ["run", "nothing-of-this-name"], all: [], paths: ["files", ""] },
  { words: ["run", "--dir", "more", "te"], all: ["team"] },
  { words: ["run", "--dir=more", "te"], all: ["team"] },
  { words: ["describe", "sho"], all: ["shoes", "shop"] },
  { words: ["mock", "shop", "sho"], all: ["shoes"] },
  { words: ["login", "sho"], all: ["shoes", "shop"] },
  { words: ["login", "shop", ""], all: ["shop"] },

  { words: ["run", "fleet", ""], all: ["get-ship", "find"] },
  { words: ["run", "fleet", "fl"], all: ["fleet.find"] },
  { words: ["describe", "fleet", "fi"], all: ["find"] },
  { words: ["run", "fleet", "find", ""], all: ["--flag", "--old"] },
  { words: ["run", "fleet", "fleet.find", "--old", ""], some: ["true", "false"] },
  { words: ["run", "shop", ""], all: ["listPets", "getPet", "addPet"] },
  { words: ["run", "shop", "get"], all: ["getPet"] },
  { words: ["describe", "shop", "add"], all: ["addPet"] },
  { words: ["run", "capabilities/shop.yaml", "add"], all: ["addPet"] },
  { words: ["run", "shop", "G"], all: ["GET /pets", "GET /pets/{petId}"] },
  { words: ["run", "shop", "POST /"], all: ["POST /pets"] },
  { words: ["run", "shop", "GET", ""], all: ["/pets", "/pets/{petId}"] },
  { words: ["run", "shop", "get", "/pets/"], all: ["/pets/{petId}"] },
  { words: ["run", "unknown", ""], all: [] },
  { words: ["run", "broken", ""], all: [] },

  { words: ["run", "shop", "getPet", ""], all: ["--petId", "--fields"] },
  { words: ["run", "shop", "shop.getPet", ""], all: ["--petId", "--fields"] },
  { words: ["run", "shop", "GET /pets/{petId}", ""], all: ["--petId", "--fields"] },
  { words: ["run", "shop", "GET", "/pets/{petId}", ""], all: ["--petId", "--fields"] },
  { words: ["run", "shop", "get /pets/{petId}", ""], all: ["--petId", "--fields"] },
  { words: ["run", "twice", "one.list", ""], all: ["--a"] },
  { words: ["run", "twice", "two.list.list", ""], all: ["--b"] },
  { words: ["run", "twice", "two GET /things", ""], all: ["--b"] },
  // Each of two operations may be meant: `run` asks for one of their references.
  { words: ["run", "twice", "list", ""], all: [] },
  { words: ["run", "twice", "GET /things", ""], all: [] },
  { words: ["run", "twice", "list.list", ""], all: [] },
  { words: ["run", "shop", "getPet", "--petId", "1", ""], all: ["--fields"] },
  { words: ["run", "shop", "getPet", "--petId=1", ""], all: ["--fields"] },
  { words: ["run", "shop", "getPet", "-i", "petId=1", ""], all: ["--fields"] },
  { words: ["run", "shop", "getPet", "--input=petId=1", ""], all: ["--fields"] },
  { words: ["run", "shop", "getPet", "--p"], all: ["--petId", "--profile"] },
  { words: ["run", "shop", "listPets", "--tag", "cat", "--ta"], all: ["--tag"] },
  { words: ["run", "shop", "listPets", "--page"], all: ["--page[size]"] },
  { words: ["run", "shop", "listPets", "--$"], all: ["--$top"] },
  { words: ["run", "shop", "listPets", "--query:"], all: ["--query:id"] },
  // The option of this name is offered, and the input behind -i or --.
  { words: ["run", "shop", "listPets", "--query"], all: ["--query:id", "--query"] },
  { words: ["run", "shop", "listPets", "--", "--query"], all: ["--query", "--query:id"] },
  { words: ["run", "shop", "listPets", "-i", "q"], all: ["query=", "query:id="] },
  { words: ["run", "shop", "listPets", "--input", "sta"], all: ["status="] },
  { words: ["run", "shop", "listPets", "--input=sta"], all: ["--input=status="] },
  { words: ["run", "unknown", "listPets", "--dry"], all: ["--dry-run"] },

  { words: ["run", "shop", "listPets", "--status", ""], all: ["available", "in progress", "sold"] },
  { words: ["run", "shop", "listPets", "--status", "in"], all: ["in progress"] },
  { words: ["run", "shop", "listPets", "--status=a"], all: ["--status=available"] },
  { words: ["run", "shop", "listPets", "-i", "status=s"], all: ["status=sold"] },
  { words: ["run", "shop", "listPets", "--input=status=s"], all: ["--input=status=sold"] },
  { words: ["run", "shop", "listPets", "--tag", ""], all: ["cat", "dog"] },
  { words: ["run", "shop", "listPets", "--sold", ""], all: ["true", "false"] },
  { words: ["run", "shop", "listPets", "--sold", "--sta"], all: ["--status"] },
  { words: ["run", "shop", "addPet", "--body", "@b"], all: [], paths: ["files", "@"] },
  { words: ["run", "shop", "addPet", "--body=@b"], all: [], paths: ["files", "--body=@"] },
  { words: ["run", "shop", "addPet", "-i", "body=@b"], all: [], paths: ["files", "body=@"] },
  { words: ["run", "shop", "addPet", "--body", "@@b"], all: [] },
  { words: ["run", "shop", "addPet", "--inputs", "@b"], all: [], paths: ["files", "@"] },
  // What a terminal acts on, and line breaks, cannot be typed.
  {
    words: ["run", "shop", "getPet", "--fields", ""],
    all: ["$(touch pwned)", "it's", 'a"b', "`touch pwned`", "two words", "!pwned"],
  },

  { words: ["run", "shop", "getPet", "--output", ""], all: ["json", "yaml", "table", "raw"] },
  { words: ["run", "shop", "getPet", "--output=r"], all: ["--output=raw"] },
  { words: ["run", "shop", "getPet", "--dry-run="], some: ["--dry-run=curl", "--dry-run=har"] },
  { words: ["run", "shop", "getPet", "--dry-run", "--fie"], all: ["--fields"] },
  { words: ["run", "shop", "getPet", "--cache=x"], all: [], paths: ["files", "--cache="] },
  { words: ["run", "shop", "getPet", "--env-file", ""], all: [], paths: ["files", ""] },
  { words: ["run", "shop", "getPet", "--env-file=x"], all: [], paths: ["files", "--env-file="] },
  { words: ["run", "--dir", ""], all: [], paths: ["folders", ""] },
  { words: ["run", "shop", "getPet", "--timeout", ""], all: [] },
  { words: ["run", "shop", "getPet", "-H", ""], all: [] },
  { words: ["run", "shop", "getPet", "--quiet", "--qui"], all: [] },
  { words: ["run", "shop", "getPet", "--header", "a: b", "--heade"], all: ["--header"] },

  { words: ["list", "--output", ""], all: ["text", "json"] },
  { words: ["list", "a"], all: [] },
  { words: ["list", "--"], some: ["--dir", "--output", "--no-color", "--help"], none: ["--dry-run", "--version"] },
  { words: ["search", "pet", "--capability", "sho"], all: ["shoes", "shop"] },
  { words: ["search", "pet", "--capability=sho"], all: ["--capability=shoes", "--capability=shop"] },
  { words: ["import", ""], some: ["openapi"] },
  { words: ["import", "openapi", ""], all: [], paths: ["files", ""] },
  { words: ["export", "openapi", "sho"], all: ["shoes", "shop"] },
  { words: ["init", ""], all: [] },
  { words: ["init", "x", "--auth", "b"], all: ["bearer", "basic"] },
  { words: ["validate", ""], all: [], paths: ["files", ""] },
  { words: ["validate", "a.yaml", "b"], all: [], paths: ["files", ""] },
  { words: ["validate", "--fail-on="], all: ["--fail-on=error", "--fail-on=warning", "--fail-on=departure"] },
  { words: ["validate", "--dir"], all: [] },
  { words: ["mock", "--port", ""], all: [] },
  { words: ["mock", "--seed", ""], all: [], paths: ["files", ""] },
];

describe("completion", () => {
  it.each(CASES.map(one => ({ ...one, line: one.words.join(" ") })))(
    "of $line|",
    async ({ words, all, some = [], none = [], paths }) => {
      const { code, stdout, stderr } = await runMain(["zsh", ...words], {
        cwd,
        env: { HOME: cwd },
        main: printCompletion,
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const [head, ...lines] = stdout.slice(0, -1).split("\n");
      const texts = lines.map(line => line.split("\t")[1]);
      if (all !== undefined) expect(texts).toEqual(all);
      expect(texts).toEqual(expect.arrayContaining([...some]));
      expect(texts.filter(text => none.includes(text ?? ""))).toEqual([]);
      expect(head).toBe((paths ?? ["words", ""]).join("\t"));
    },
  );
});
