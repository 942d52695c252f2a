// Files of ten operations each, with words of APIs and one of their own.

const VERBS = ["list", "create", "get", "update", "delete", "send", "cancel", "verify", "rotate", "export"];
const METHODS = ["GET", "POST", "GET", "PATCH", "DELETE", "POST", "POST", "POST", "POST", "GET"];
const THINGS =
  "user invoice payment customer message channel repository branch issue token key session webhook order product refund file image video table row record job model vector zone rule policy member team".split(
    " ",
  );
const PARTS =
  "status history comment label setting permission secret version tag event usage limit report template".split(" ");

/** Makes files as a catalogue has them. */
export function madeUpFiles(count) {
  return Array.from({ length: count }, (_, number) => {
    const thing = THINGS[number % THINGS.length];
    const part = PARTS[Math.floor(number / THINGS.length) % PARTS.length];
    const own = `product${number.toString(36)}`;
    return {
      name: `${own}-${thing}`,
      label: `${own} API: ${thing}`,
      description: "",
      tags: [own, thing],
      adapters: [{ baseUri: `https://api.${own}.example` }],
      operations: VERBS.map((verb, index) => ({
        name: `${verb}${thing}${part}`,
        method: METHODS[index],
        path: `/${own}/${thing}s/{${thing}_id}/${part}s${index === 2 || index === 3 ? "/{id}" : ""}`,
        description: `${verb} the ${part} of a ${thing} that has been made with ${own} before, and what belongs to it`,
        resource: `${thing}-${part}`,
        inputs: [{ name: `${thing}_id` }, { name: "limit" }, { name: "cursor" }],
      })),
    };
  });
}

/** Returns the text of a capability file that is such a file. */
export function madeUpText({ name, label, tags, adapters, operations }) {
  return JSON.stringify({
    naftiko: "1.0.0-alpha2",
    info: { label, tags },
    capability: {
      consumes: [
        {
          type: "http",
          namespace: name.split("-")[0],
          baseUri: adapters[0].baseUri,
          resources: operations.map(operation => ({
            name: `${operation.resource}-${operation.name}`,
            path: operation.path,
            operations: [
              {
                name: operation.name,
                method: operation.method,
                description: operation.description,
                inputParameters: operation.inputs.map(input => ({
                  name: input.name,
                  in: operation.path.includes(`{${input.name}}`) ? "path" : "query",
                  type: "string",
                })),
              },
            ],
          })),
        },
      ],
    },
  });
}
