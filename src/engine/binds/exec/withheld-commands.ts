import type { BindSource } from "../bind-source.ts";
import { describeLocated } from "../located-source.ts";

/** What stands for the value of a command that is not run: what masked values look like. */
const WITHHELD = "***";

/** A source that answers for the commands of configuration files, and remembers for which variables: it runs none. */
export function withheldCommands(): BindSource & { readonly used: ReadonlySet<string> } {
  const used = new Set<string>();
  return {
    used,
    describe: describeLocated,
    serves: ({ location = "", fromConfig }) => fromConfig === true && /^exec:/i.test(location),
    lookup(variable) {
      used.add(variable.name);
      return WITHHELD;
    },
  };
}
