/** Longest name that is made of a text. */
const LONGEST = 60;

/**
 * Returns a text as a name in kebab case: `Pet Store API` is `pet-store-api`, `getUserByID` is `get-user-by-id`. It is
 * cut between words if it is long. Empty if the text has no letters and no digits.
 */
export function kebabName(text: string): string {
  const words = text
    .slice(0, 1_000)
    .normalize("NFKD")
    .replace(/[\u0300-\u036f'’]/g, "")
    .replace(/([a-z\d])([A-Z])/g, "$1-$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .toLowerCase()
    .match(/[a-z\d]+/g);
  let name = "";
  for (const word of words ?? []) {
    if (name !== "" && name.length + word.length >= LONGEST) break;
    name += name === "" ? word.slice(0, LONGEST) : `-${word}`;
  }
  return name;
}

/** Returns the name of a path's resource: its words, also those of its placeholders. */
export function resourceName(path: string): string {
  const [sent = ""] = path.split(/[?#]/, 1);
  return kebabName(sent) || kebabName(path) || "root";
}

/** Returns the prefix of the variables of a namespace, in the form of a variable. */
export function variablePrefix(namespace: string): string {
  const words = namespace
    .toUpperCase()
    .replace(/[^A-Z\d]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return /^[A-Z]/.test(words) ? words : `API_${words}`.replace(/_$/, "");
}

/** An operation that needs a name. */
interface NamedOperation {
  /** As the description has it. */
  readonly id: string | undefined;
  readonly method: string;
  readonly path: string;
}

/**
 * Returns a name for each operation: its `operationId`, or one made of method and path. Each is unique, and the same at
 * every import: of several with one name, that of the shortest path keeps it, whatever the order in the file, and the
 * others get their method and path behind it.
 */
export function operationNames<Operation extends NamedOperation>(
  operations: readonly Operation[],
): ReadonlyMap<Operation, string> {
  const wanted = new Map<string, Operation[]>();
  for (const operation of operations) {
    const name = operationName(operation);
    const same = wanted.get(name);
    if (same === undefined) wanted.set(name, [operation]);
    else same.push(operation);
  }
  const names = new Map<Operation, string>();
  const taken = new Set(wanted.keys());
  for (const [name, same] of wanted) {
    const [first, ...others] = same.sort(inPathOrder) as [Operation, ...Operation[]];
    names.set(first, name);
    for (const other of others) {
      const longer = `${name}-${pathName(other)}`;
      let unique = longer;
      for (let count = 2; taken.has(unique); count++) unique = `${longer}-${count}`;
      taken.add(unique);
      names.set(other, unique);
    }
  }
  return names;
}

function operationName(operation: NamedOperation): string {
  const kept = (operation.id ?? "")
    // A name is written on the command line, where a dash begins an option, and control characters are none of a name.
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .trim()
    .replace(/^-+/, "");
  return kept === "" ? pathName(operation) : kept;
}

function pathName({ method, path }: NamedOperation): string {
  return `${method.toLowerCase()}-${kebabName(path) || "root"}`;
}

function inPathOrder(a: NamedOperation, b: NamedOperation): number {
  return a.path.length - b.path.length || compare(a.path, b.path) || compare(a.method, b.method);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
