import type { BindSource } from "../bind-source.ts";
import { describeLocated } from "../located-source.ts";

/** Stand-in for the value of a command that is not run. It looks like a masked value. */
const WITHHELD = "***";

/** Creates a source that answers for the commands of configuration files without running them, and remembers which. */
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
