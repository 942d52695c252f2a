import type { ExposedModel, RestOperation, Unit } from "./types.ts";

/** Units of one capability by their names. */
export class UnitIndex {
  readonly #units: ReadonlyMap<string, Unit>;
  readonly #names: readonly string[];

  constructor(exposed: ExposedModel) {
    const units = new Map<string, Unit>();
    const add = (name: string, unit: Unit) => {
      if (!units.has(name)) units.set(name, unit);
    };
    const all = allUnits(exposed);
    for (const unit of all) add(unit.reference, unit);
    for (const { unit, route } of routesOf(exposed)) add(route, unit);
    // A bare name means a function before a tool, and a tool before an operation.
    for (const unit of all) add(unit.name, unit);
    this.#units = units;
    this.#names = [...new Set(all.flatMap(({ name, reference }) => [name, reference]))];
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

/** Lists the units: functions, then tools, then REST operations, each in the order of the file. */
function allUnits({ adapters, functions }: ExposedModel): readonly Unit[] {
  const tools = adapters.flatMap(adapter => (adapter.type === "mcp" ? adapter.tools : []));
  const operations = adapters.flatMap(adapter =>
    adapter.type === "rest" ? adapter.resources.flatMap(resource => resource.operations) : [],
  );
  return [...functions.values(), ...tools, ...operations];
}

function* routesOf({ adapters }: ExposedModel): Generator<{ readonly unit: RestOperation; readonly route: string }> {
  for (const adapter of adapters) {
    if (adapter.type !== "rest") continue;
    for (const { path, operations } of adapter.resources)
      for (const unit of operations) yield { unit, route: `${unit.method} ${path}` };
  }
}
