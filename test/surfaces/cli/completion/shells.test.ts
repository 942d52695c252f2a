import { existsSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SHOP } from "../../../support/completed-capability.ts";
import { missingShell, ShellTerminal } from "../../../support/shell-terminal.ts";

const COMMAND = process.env["NAFTIKO_COMMAND"] ?? path.resolve(import.meta.dirname, "../../../../dist/naftiko.cjs");

const FILES = {
  "capabilities/shop.yaml": SHOP,
  "capabilities/shoes.yaml": SHOP,
  "my pet.json": "{}",
  "some dir/x.json": "{}",
};

/** A line in which TAB is pressed, and the line afterwards. */
const LINES: readonly (readonly [typed: string, line: string])[] = [
  ["va", "validate "],
  ["-v --no-col", "-v --no-color "],
  ["completion z", "completion zsh "],
  ["run sh", "run sho"],
  ["run shop", "run shop "],
  ["run 'shoe", "run 'shoes' "],
  ["run shop ad", "run shop addPet "],
  ['run shop "ad', 'run shop "addPet" '],
  ["run shop POS", "run shop POST\\ /pets "],
  ["run shop 'GET /pets/", "run shop 'GET /pets/{petId}' "],
  ['run shop "GET /pets/', 'run shop "GET /pets/{petId}" '],
  ["run shop GET /pets/", "run shop GET /pets/\\{petId\\} "],
  ["run shop getPet --pet", "run shop getPet --petId "],
  ["run shop getPet --petId 1 --fie", "run shop getPet --petId 1 --fields "],
  ["run shop listPets --que", "run shop listPets --query"],
  ["run shop listPets --query:", "run shop listPets --query:id "],
  ["run shop listPets --query:id 1 --hea", "run shop listPets --query:id 1 --header"],
  ["run shop listPets --status av", "run shop listPets --status available "],
  ["run shop listPets --status=av", "run shop listPets --status=available "],
  ["run shop listPets --status in", "run shop listPets --status in\\ progress "],
  ["run shop listPets --status 'in", "run shop listPets --status 'in progress' "],
  ["run shop listPets --status in\\ p", "run shop listPets --status in\\ progress "],
  ["run shop listPets -i stat", "run shop listPets -i status="],
  ["run shop listPets -i status=av", "run shop listPets -i status=available "],
  ["run shop listPets --tag cat --tag d", "run shop listPets --tag cat --tag dog "],
  ["run shop listPets --sold t", "run shop listPets --sold true "],
  ["run shop listPets --\\$", "run shop listPets --\\$top "],
  ["run shop listPets '--$", "run shop listPets '--$top' "],
  ["run shop listPets -- --pag", "run shop listPets -- --page\\[size\\] "],
  ["run shop getPet --output js", "run shop getPet --output json "],
  ["run shop getPet --output=js", "run shop getPet --output=json "],
  ["run shop getPet --dry-run=cu", "run shop getPet --dry-run=curl "],
  ["run shop getPet --fields \\$", "run shop getPet --fields \\$\\(touch\\ pwned\\) "],
  ["run shop getPet --fields '$", "run shop getPet --fields '$(touch pwned)' "],
  ['run shop getPet --fields "\\$', 'run shop getPet --fields "\\$(touch pwned)" '],
  ["run shop getPet --fields '!", "run shop getPet --fields '!pwned' "],
  ["run shop getPet --fields it", "run shop getPet --fields it\\'s "],
  ["run shop getPet --fields a", 'run shop getPet --fields a\\"b '],
  ["run shop addPet --body @my", "run shop addPet --body @my\\ pet.json "],
  ["run shop addPet --body=@my", "run shop addPet --body=@my\\ pet.json "],
  ["run shop addPet --env-file my", "run shop addPet --env-file my\\ pet.json "],
  ["run shop addPet --env-file=my", "run shop addPet --env-file=my\\ pet.json "],
  ["run --dir some", "run --dir some\\ dir/"],
  ["validate capab", "validate capabilities/"],
  ["run ./capab", "run ./capabilities/"],
  ["run ./capabilities/shop.yaml ad", "run ./capabilities/shop.yaml addPet "],
  ["run unknown --qui", "run unknown --quiet "],
  ["run $(touch pwned) --qui", "run $(touch pwned) --quiet "],
];

/** Lists that TAB shows: each text is there, and none of the others. */
const LISTS: readonly {
  readonly typed: string;
  readonly shown: readonly string[];
  readonly not?: readonly string[];
}[] = [
  {
    typed: "run shop ",
    shown: [
      "listPets",
      "getPet",
      "GET /pets/{petId}: Gets a pet",
      "GET /pets: Lists pets; $(touch pwned) and a second line",
    ],
  },
  { typed: "run sho", shown: ["shoes", "shop", "Pet shop"] },
  { typed: "run shop getPet --", shown: ["--petId", "(path, string, required) Which pet", "--dry-run"] },
  { typed: "run shop listPets --", shown: ["(query, integer) 100% of `these`"] },
  { typed: "run shop getPet --fields ", shown: ["touch", "two", "it"], not: ["lines"] },
];

for (const shell of ["bash", "zsh", "fish"] as const) {
  const missing = missingShell(shell);

  describe.skipIf(missing !== undefined)(`${shell} completes${missing === undefined ? "" : ` (${missing})`}`, () => {
    let terminal: ShellTerminal;

    beforeAll(async () => {
      terminal = await ShellTerminal.start(shell, { command: COMMAND, files: FILES });
    });
    afterAll(() => terminal.close());

    afterEach(() => terminal.clear());

    it.each(LINES)("%s", async (typed, line) => {
      terminal.type(`naftiko ${typed}\t`);
      expect(await terminal.line()).toBe(`naftiko ${line}`);
    });

    it.each(LISTS)("$typed with a list", async ({ typed, shown, not = [] }) => {
      // Bash shows a list at the second TAB.
      terminal.type(`naftiko ${typed}${shell === "bash" ? "\t\t" : "\t"}`);
      for (const text of shown) await terminal.waitFor(text);
      const text = terminal.shown();
      expect(not.filter(other => text.includes(other))).toEqual([]);
    });

    it("without evaluating what files hold", () => {
      expect(existsSync(path.join(terminal.folder, "pwned"))).toBe(false);
    });
  });
}
