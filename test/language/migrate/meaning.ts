type Json = { readonly [key: string]: Json } | readonly Json[] | string | number | boolean | null;
type Fields = { readonly [key: string]: Json };

/**
 * What a document means in the newest form, from its plain value: the same for a file in any form. Written from chapter
 * 12, apart from the program's table.
 */
export function meaning(document: unknown): Json {
  const { naftiko, ikanos, ...rest } = document as Fields;
  return {
    document: each(rest, { info: display, capability: sections }),
    version: (naftiko ?? ikanos) === undefined ? "none" : "some",
  };
}

type Change = (value: Json) => Json;

function sections(value: Json): Json {
  return each(value, { consumes: listOf(consumed), exposes: listOf(exposed), aggregates: listOf(aggregate) });
}

function consumed(value: Json): Json {
  if (has(value, "import")) return rename(value, "location", "from");
  return each(value, { inputParameters: names(same), resources: names(resource) });
}

function resource(value: Json): Json {
  return display(
    each(value, {
      inputParameters: names(same),
      operations: names(operation =>
        display(each(operation, { inputParameters: names(same), outputParameters: names(same) })),
      ),
    }),
  );
}

function exposed(value: Json): Json {
  const restResource: Change = entry => display(each(entry, { inputParameters: names(same), operations: names(unit) }));
  const type = (value as Fields)["type"];
  if (type === "rest") return each(value, { resources: names(restResource) });
  if (type === "mcp") {
    const prompt: Change = entry => display(each(entry, { arguments: names(display) }));
    return each(value, { tools: names(unit), resources: names(unit), prompts: names(prompt) });
  }
  return each(value, { skills: names(skill => display(each(skill, { tools: names(display) }))) });
}

function aggregate(value: Json): Json {
  const renamed = rename(display(value), "functions", "flows");
  return each(renamed, { flows: names(unit) });
}

function unit(value: Json): Json {
  const isMapped = has(value, "call") || has(value, "ref");
  return display(
    each(value, {
      inputParameters: names(same),
      steps: names(same),
      mappings: listOf(mapping => rename(mapping, "targetName", "target")),
      ...(isMapped ? {} : { outputParameters: names(output) }),
    }),
  );
}

function output(value: Json): Json {
  return each(value, { items: names(output) });
}

/** Entries in order, by name where all have different ones, in a list or in a map. */
function names(change: Change): Change {
  return value => {
    if (Array.isArray(value)) {
      return value.map(item => ({ ...(change(item) as Fields), name: (item as Fields)["name"] ?? null }));
    }
    return Object.entries(value as Fields).map(([name, item]) => ({ ...(change(item) as Fields), name }));
  };
}

function listOf(change: Change): Change {
  return value => (value as readonly Json[]).map(change);
}

function each(value: Json, changes: Readonly<Record<string, Change>>): Json {
  const entries = Object.entries(value as Fields);
  return Object.fromEntries(entries.map(([key, member]) => [key, (changes[key] ?? same)(member)]));
}

function display(value: Json): Json {
  return rename(value, "label", "display");
}

function rename(value: Json, from: string, to: string): Json {
  return Object.fromEntries(Object.entries(value as Fields).map(([key, member]) => [key === from ? to : key, member]));
}

function same(value: Json): Json {
  return value;
}

function has(value: Json, key: string): boolean {
  return Object.hasOwn(value as Fields, key);
}
