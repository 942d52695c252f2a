import { didYouMean, suggest } from "../../../base/did-you-mean.ts";
import { isJsonObject, member } from "../../../base/json-object.ts";
import { quoteValue } from "../../../base/visible-text.ts";
import { serverTypes } from "../../document/exposed.ts";
import type { ExposedRule } from "../exposed-rule.ts";

/** Finds servers of types that the language does not have (language chapter 7.1). */
export const adapterKind: ExposedRule = {
  name: "adapter-kind",
  kinds: ["warning"],
  explanation: "A server has a type that is not rest, mcp, skill or control: it is not served.",
  fix: "Write the type that is meant.",
  check({ document }, report) {
    const lists = [
      { list: document.capability?.exposes, pointer: "/capability/exposes" },
      { list: document.exposes, pointer: "/exposes" },
    ];
    for (const { list, pointer } of lists) {
      for (const [index, entry] of (list ?? []).entries()) {
        const type = isJsonObject(entry) ? member(entry, "type") : undefined;
        if (typeof type !== "string" || serverTypes.has(type)) continue;
        const hint = didYouMean(suggest(type, serverTypes)) || `; there are ${[...serverTypes].join(", ")}`;
        report(
          "warning",
          `${pointer}/${index}/type`,
          `${quoteValue(type)} is no type of server, and not served${hint}`,
        );
      }
    }
  },
};
