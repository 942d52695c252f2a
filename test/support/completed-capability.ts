import { capabilityText } from "./capability-text.ts";

/** A file with names and values that shells have to quote, and texts that they must not evaluate. */
export const SHOP: string = capabilityText({
  namespace: "shop",
  baseUri: "https://shop.example/v1",
  info: { label: "Pet shop", description: "Pets: \u001b[31m$(touch pwned)`touch pwned`" },
  operations: [
    {
      name: "listPets",
      method: "GET",
      path: "/pets",
      description: "Lists pets; $(touch pwned)\nand a second line",
      inputParameters: [
        {
          name: "status",
          in: "query",
          type: "string",
          description: "State of the pet",
          enum: ["available", "in progress", "sold"],
        },
        { name: "tag", in: "query", type: "array", items: { type: "string", enum: ["cat", "dog"] } },
        { name: "page[size]", in: "query", type: "integer" },
        { name: "$top", in: "query", type: "integer", description: "100% of `these`" },
        { name: "sold", in: "query", type: "boolean" },
        { name: "query", in: "query", type: "string", description: "An option of run has this name" },
        { name: "id", in: "query", type: "string" },
        { name: "id", in: "header", type: "string" },
      ],
    },
    {
      name: "getPet",
      method: "GET",
      path: "/pets/{petId}",
      description: "Gets a pet",
      inputParameters: [
        {
          name: "fields",
          in: "query",
          type: "string",
          enum: ["$(touch pwned)", "it's", 'a"b', "`touch pwned`", "two words", "\u001b[2J", "two\nlines", "!pwned"],
        },
        { name: "petId", in: "path", type: "string", required: true, description: "Which pet" },
      ],
    },
    {
      name: "addPet",
      method: "POST",
      path: "/pets",
      inputParameters: [{ name: "body", in: "body", type: "object", required: true }],
    },
  ],
});
