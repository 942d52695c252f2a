import type { StaticKind } from "./authentication-kind.ts";

/** A key in a header, the default, or in the query (language chapter 5.7). */
export const apiKey: StaticKind = {
  fields: ["value"],
  placingMembers: ["key", "placement"],
  place({ key, placement = "header" }) {
    if (key === undefined || key === "") return 'its "key" is missing';
    if (placement === "header") return { in: "header", name: key.toLowerCase() };
    if (placement === "query") return { in: "query", name: key };
    return `its "placement" is ${JSON.stringify(placement)}, not "header" or "query"`;
  },
  describe: ({ key, placement = "header" }) => `in ${placement} ${key ?? "(no key)"}`,
  credential: ({ value = "" }) => value,
};
