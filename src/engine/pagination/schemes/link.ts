import { quoteValue } from "../../../base/visible-text.ts";
import { parseLinkHeader } from "../link-header.ts";
import { type Scheme, SettingsError } from "../scheme.ts";

/** The `Link` header names the next page (RFC 8288). */
export const link: Scheme = {
  isStated: true,
  detect({ links }) {
    const isLinked = links.some(({ relations }) => relations.includes("next"));
    return isLinked ? [{ settings: { link: "next" }, isGiven: false, isConfirmed: true }] : [];
  },
  async compile(relation) {
    if (typeof relation !== "string" || !/^\S+$/.test(relation))
      throw new SettingsError(`has a "link" that is no relation, such as next: ${quoteValue(relation)}`);
    const wanted = relation.toLowerCase();
    return ({ answer }) => {
      const found = parseLinkHeader(answer.headers["link"]).find(({ relations }) =>
        relations.includes(wanted),
      );
      // Sentry links a next page always, and says in an own parameter whether there is one.
      if (found === undefined || found.parameters.get("results") === "false") return undefined;
      return { kind: "url", url: found.target };
    };
  },
};
