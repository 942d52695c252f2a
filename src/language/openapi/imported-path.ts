/** A path of a description as one of a capability. */
export interface ImportedPath {
  readonly text: string;
  /** Names of the placeholders. */
  readonly names: ReadonlySet<string>;
  /** Returns the name of the placeholder that a path parameter fills. `undefined` if there is none. */
  nameOf(parameter: string): string | undefined;
}

/** A placeholder in one pair of braces or two. Its name holds no brace. */
const PLACEHOLDER = /\{\{([^{}]*)\}\}|\{([^{}]*)\}/g;

/** Reads a path. A placeholder such as `{key+}`, which stands for several segments, has the name of its parameter. */
export function importedPath(path: string): ImportedPath {
  const names = new Set<string>();
  const text = path.replace(PLACEHOLDER, (written, double: string | undefined, single: string | undefined) => {
    const name = (double ?? single ?? "").trim().replace(/[*+]+$/, "");
    if (name === "") return written;
    names.add(name);
    return `{${name}}`;
  });
  return {
    text: text.startsWith("/") ? text : `/${text}`,
    names,
    nameOf(parameter) {
      const name = parameter.trim().replace(/[*+]+$/, "");
      return names.has(name) ? name : undefined;
    },
  };
}
