import { openSharedStore } from "../../src/sharing/open-shared-store.ts";
import { Sharing } from "../../src/sharing/sharing.ts";
import { parseStoreUrl } from "../../src/sharing/store-url.ts";

/** Shared state of one of several processes, and the lines that it told. */
export interface Shared {
  readonly sharing: Sharing;
  readonly told: readonly string[];
}

/** Begins to share, as a process of its own would. The test closes it. */
export async function share(text: string, stateKey?: string): Promise<Shared> {
  const url = parseStoreUrl(text);
  if (url === undefined) throw new Error(`${text} is no URL of a store`);
  const told: string[] = [];
  const sharing = await Sharing.open(await openSharedStore(url), { url, stateKey, tell: line => told.push(line) });
  return { sharing, told };
}
