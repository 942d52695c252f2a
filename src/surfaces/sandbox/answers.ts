import { answerAspect } from "./answers/aspect.ts";
import { answerCollection } from "./answers/collection.ts";
import { answerDocument } from "./answers/document.ts";
import { answerItem } from "./answers/item.ts";
import { answerLookup } from "./answers/lookup.ts";
import { answerCount, answerSearch } from "./answers/search.ts";
import type { Role } from "./routing/role.ts";
import type { VisitAnswerer } from "./visit.ts";

/** The answering function of each role. */
export const answers: Readonly<Record<Role, VisitAnswerer>> = {
  aspect: answerAspect,
  collection: answerCollection,
  count: answerCount,
  document: answerDocument,
  item: answerItem,
  lookup: answerLookup,
  search: answerSearch,
};
