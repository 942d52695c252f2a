/** A link of a `Link` header (RFC 8288). */
export interface Link {
  readonly target: string;
  /** Relations, in lower case. */
  readonly relations: readonly string[];
  /** The parameters by name in lower case. The first of several with one name counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Length limit. Servers do not send longer headers, and Node does not read them. */
const LONGEST_HEADER = 65_536;

/** `<target>`, and a parameter with its value as a token or a quoted string (RFC 8288, 3; RFC 9110, 5.6.6). */
const TARGET = /[\s,]*<([^>]*)>/y;
const PARAMETER = /\s*;\s*([!#$&+\-.^_`|~\w]+)\*?\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*)))?/y;

/** Parses the value of a `Link` header up to the first mistake. */
export function parseLinkHeader(header: string | readonly string[] | undefined): Link[] {
  const text = typeof header === "string" ? header : (header ?? []).join(", ");
  if (text.length > LONGEST_HEADER) return [];
  const links: Link[] = [];
  let position = 0;
  while (position < text.length) {
    TARGET.lastIndex = position;
    const target = TARGET.exec(text);
    if (target === null) break;
    position = TARGET.lastIndex;
    const parameters = new Map<string, string>();
    for (;;) {
      PARAMETER.lastIndex = position;
      const parameter = PARAMETER.exec(text);
      if (parameter === null) break;
      position = PARAMETER.lastIndex;
      const [, name = "", quoted, token = ""] = parameter;
      const value = quoted === undefined ? token : quoted.replace(/\\(.)/g, "$1");
      // Only the first "rel" counts (RFC 8288, 3.3).
      if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
    }
    const relations = (parameters.get("rel") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    links.push({ target: target[1] ?? "", relations, parameters });
  }
  return links;
}
