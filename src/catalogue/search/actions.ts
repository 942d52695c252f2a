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

/** Verbs that tell to do something that is none of the actions. */
export const ORDERS: ReadonlySet<string> = new Set(
  (
    "accept activate approve archive assign associate attach authorize ban block book cancel capture charge clone close " +
    "confirm connect convert copy deactivate decline demote deploy detach disable disconnect duplicate enable end execute " +
    "expire export finalize fork fulfil fulfill give grant import install invalidate invite join kick kill launch leave link " +
    "lock log merge move mute notify pause pay pin promote publish put react refund reject release reopen report reset " +
    "resend restart restore resume revert revoke rotate run schedule share ship sign star start stop subscribe suspend swap " +
    "sync tag take test transfer translate trigger turn unarchive unban unblock undo uninstall unlink unlock unpin " +
    "unpublish unstar unsubscribe verify void"
  ).split(" "),
);

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
