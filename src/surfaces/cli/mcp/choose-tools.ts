import type { Environment } from "../../../base/environment.ts";
import type { Catalogue, CatalogueOptions } from "../../../catalogue/catalogue.ts";
import type { Answers } from "../../../tools/answer/answers.ts";
import type { ToolCallOptions } from "../../../tools/call-operation.ts";
import type { ManyOperations } from "../../mcp/search/many-operations.ts";
import type { OpenFile } from "../serve/file-opener.ts";
import type { Tellers } from "../serve/tellers.ts";
import { type OpenedTools, openTools } from "./open-tools.ts";

/** The operations that a server is for. */
export interface ServedOperations {
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly catalogue: CatalogueOptions;
  /** Most tools that are listed. */
  readonly limit: number;
  /** `undefined`: there is no policy. */
  readonly refusalOf: ManyOperations["refusalOf"] | undefined;
}

/**
 * Offers each operation as a tool, or, where they are too many, tools that find and call them.
 *
 * @throws CapabilityError as {@link openTools}
 */
export async function chooseTools(
  served: ServedOperations,
  open: OpenFile,
  options: ToolCallOptions,
  context: Tellers & { readonly env: Environment; readonly answers: Answers },
): Promise<OpenedTools> {
  const { catalogue, limit, refusalOf = () => undefined } = served;
  const search = async () => {
    const { openSearchTools } = await import("./open-search-tools.ts");
    return openSearchTools({ catalogue, fileCount: served.files.length, refusalOf }, open, options, context);
  };
  const files = await filesToList(served);
  if (files === undefined) return search();
  const listed = await openTools(files, open, options, context);
  if (listed.offer.tools.length <= limit) return listed;
  await listed.close();
  return search();
}

/**
 * Returns the files whose operations may be few enough. Each capability is taken to have one: those of many are not counted,
 * since that would read them all.
 */
async function filesToList({ files, limit, catalogue, refusalOf }: ServedOperations) {
  if (limit === 0) return undefined;
  if (files.length <= limit) return files;
  if (refusalOf === undefined) return (await hasMore(files, limit)) ? undefined : files;
  const { readCatalogue } = await import("../../../catalogue/catalogue.ts");
  const offered = offeredFiles(await readCatalogue(catalogue), refusalOf);
  const count = offered.reduce((sum, file) => sum + file.count, 0);
  return count > limit ? undefined : offered.map(({ file }) => file);
}

/** Tells whether more files than the limit are capabilities. Of large folders, few are looked at. */
async function hasMore(files: readonly string[], limit: number): Promise<boolean> {
  const { kindOfFile } = await import("../../../catalogue/file-kind.ts");
  let count = 0;
  return files.some(file => kindOfFile(file).kind === "capability" && ++count > limit);
}

/** Lists the files that have operations which may be called, and how many. */
function offeredFiles({ files }: Catalogue, refusalOf: ManyOperations["refusalOf"]) {
  const counted = files.map(file => ({
    file: file.file,
    count: file.operations.filter(operation => refusalOf(file, operation) === undefined).length,
  }));
  return counted.filter(({ count }) => count > 0);
}
