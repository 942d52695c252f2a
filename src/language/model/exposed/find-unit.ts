import type { ExposedModel, Unit } from "./types.ts";

/** Units of one capability by their names. */
export class UnitIndex {
  readonly #units: ReadonlyMap<string, Unit>;
  readonly #names: readonly string[];

  constructor(exposed: ExposedModel) {
    const units = new Map<string, Unit>();
    const add = (name: string, unit: Unit) => {
      if (!units.has(name)) units.set(name, unit);
    };
    const all = listUnits(exposed);
    for (const { unit } of all) add(unit.reference, unit);
    for (const { unit, route } of all) if (route !== undefined) add(route, unit);
    // A bare name means a function before a tool, a tool before an operation, and that before a resource.
    for (const { unit } of all) add(unit.name, unit);
    this.#units = units;
    this.#names = [...new Set(all.flatMap(({ unit: { name, reference } }) => [name, reference]))];
  }

  /** Finds the unit that is named `namespace.name`, `METHOD /route` or `name`. */
  find(reference: string): Unit | undefined {
    const space = reference.indexOf(" ");
    const written = space < 0 ? reference : reference.slice(0, space).toUpperCase() + reference.slice(space);
    return this.#units.get(reference) ?? this.#units.get(written);
  }

  /** Names that a unit may be called by, for suggestions. */
  get names(): readonly string[] {
    return this.#names;
  }
}

/** Something that is exposed, with the method and path of a REST operation. */
interface ListedUnit {
  readonly unit: Unit;
  readonly route?: string;
}

/** Lists the units: functions, then tools, then REST operations, then resources, each in the order of the file. */
export function listUnits({ adapters, functions }: ExposedModel): readonly ListedUnit[] {
  const tools = adapters.flatMap(adapter => (adapter.type === "mcp" ? adapter.tools : []));
  const operations = adapters.flatMap(adapter =>
    adapter.type === "rest"
      ? adapter.resources.flatMap(({ path, operations }) =>
          operations.map(unit => ({ unit, route: `${unit.method} ${path}` })),
        )
      : [],
  );
  const resources = adapters.flatMap(adapter =>
    adapter.type === "mcp"
      ? adapter.resources.flatMap(({ content }) => (content.kind === "unit" ? [{ unit: content.unit }] : []))
      : [],
  );
  return [...[...functions.values(), ...tools].map(unit => ({ unit })), ...operations, ...resources];
}
