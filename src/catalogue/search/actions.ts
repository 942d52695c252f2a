/** What an operation does to a resource, whatever its API calls that. */
export type Action = "create" | "list" | "get" | "update" | "delete";

/** The words that a person or an API says it with. The first word of a name counts most. */
export const ACTION_WORDS: Readonly<Record<Action, readonly string[]>> = {
  create: "create add new make insert post register generate open send upload write".split(" "),
  list: "list all every index enumerate browse".split(" "),
  get: "get retrieve fetch read show view details describe info obtain download see".split(" "),
  update:
    "update edit change modify patch set put replace rename adjust alter amend revise upsert actualize modification".split(
      " ",
    ),
  delete: "delete remove destroy erase drop trash wipe clear purge discard suppress deletion cancel".split(" "),
};

/** Returns what a request does by its method and path alone: `GET /users` lists, `GET /users/{id}` gets. */
export function requestAction(method: string, path: string): Action | undefined {
  const endsInPlaceholder = /\}\/?(?:\.\w+)?(?:\?.*)?$/.test(path);
  switch (method.toUpperCase()) {
    case "DELETE":
      return "delete";
    case "PUT":
    case "PATCH":
      return "update";
    case "GET":
      return endsInPlaceholder || !/s(?:\.\w+)?\/?$/i.test(path) ? "get" : "list";
    case "POST":
      if (endsInPlaceholder) return "update";
      return /s(?:\.\w+)?\/?$/i.test(path) ? "create" : undefined;
    default:
      return undefined;
  }
}
