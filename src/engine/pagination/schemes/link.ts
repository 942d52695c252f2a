import { quoteValue } from "../../../base/visible-text.ts";
import { parseLinkHeader } from "../link-header.ts";
import { type Scheme, SettingsError } from "../scheme.ts";

/** Pages by link: the `Link` header names the next page (RFC 8288). */
export const link: Scheme = {
  isStated: true,
  rank: 2,
  detect({ links }) {
    const isLinked = links.some(({ relations }) => relations.includes("next"));
    return isLinked ? [{ settings: { link: "next" }, isGiven: false, isConfirmed: true }] : [];
  },
  compile(relation) {
    if (typeof relation !== "string" || !/^\S+$/.test(relation))
      throw new SettingsError(`has a "link" that is not a relation such as next: ${quoteValue(relation)}`);
    const wanted = relation.toLowerCase();
    return ({ answer }) => {
      const found = parseLinkHeader(answer.headers["link"]).find(({ relations }) => relations.includes(wanted));
      // Sentry always links a next page, and tells by a parameter of its own whether there is one.
      if (found === undefined || found.parameters.get("results") === "false") return undefined;
      return { kind: "url", url: found.target };
    };
  },
};
