import { isJsonObject, member } from "../../../base/json-object.ts";
import { quoteValue } from "../../../base/visible-text.ts";
import type { AnswerView } from "../answer-view.ts";
import { names, pathStep } from "../names.ts";
import { isEmptyPosition, isUrl } from "../position.ts";
import { PageError, type Scheme } from "../scheme.ts";
import { compilePath } from "../settings-reader.ts";

/** Members with the URL of the next page. */
export const NEXT_URLS: ReadonlySet<string> = names(
  "next nexturl nexturi nextlink nexthref nextpage nextpageurl nextpageuri nextpagelink odatanextlink",
);
const IN_NEXT = names("href url uri link");

/** Pages by URL: the body has the URL of the next page. */
export const nextUrl: Scheme = {
  isStated: true,
  rank: 3,
  detect(view) {
    const [path] = urlPaths(view);
    return path === undefined ? [] : [{ settings: { nextUrl: path }, isGiven: false, isConfirmed: true }];
  },
  compile(path) {
    const read = compilePath("nextUrl", path);
    return ({ answer }) => {
      const url = read(answer.body);
      if (isEmptyPosition(url)) return undefined;
      if (typeof url === "string") return { kind: "url", url };
      throw new PageError(`has no URL at ${path} but ${quoteValue(url)}`);
    };
  },
};

/** Returns the paths of such URLs. If there are several, they are the same URL, absolute and relative. */
function urlPaths({ fields }: AnswerView): string[] {
  return fields.flatMap(({ name, parent, path, value }) => {
    if (isUrl(value) && (NEXT_URLS.has(name) || (parent === "next" && IN_NEXT.has(name)))) return path;
    if (name !== "links" || !Array.isArray(value)) return [];
    // PayPal: `links: [{ "rel": "next", "href": "…" }]`.
    const linked = value.find(item => isJsonObject(item) && member(item, "rel") === "next");
    const target = Object.keys(linked ?? {}).find(key => IN_NEXT.has(key) && isUrl(linked[key]));
    return target === undefined ? [] : `${path}[?(@.rel == 'next')]${pathStep(target)}`;
  });
}
