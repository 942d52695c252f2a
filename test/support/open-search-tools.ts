import path from "node:path";
import { SecretMask } from "../../src/base/mask-secrets.ts";
import type { CatalogueFile, CatalogueOperation } from "../../src/catalogue/catalogue-file.ts";
import { openRuntime } from "../../src/engine/open.ts";
import { searchTools } from "../../src/surfaces/mcp/search/search-tools.ts";
import { DEFAULT_ANSWER_SETTINGS } from "../../src/tools/answer/answer-settings.ts";
import { Answers } from "../../src/tools/answer/answers.ts";
import type { Tool, ToolAnswer } from "../../src/tools/tool.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { QUIET_CONTEXT } from "./tool-answers.ts";

/** The tools that stand for many operations, over a folder. */
export interface OpenedSearchTools {
  readonly folder: string;
  readonly tools: readonly Tool[];
  call(tool: string, given: unknown): Promise<ToolAnswer>;
  /** Calls a tool, and reads the JSON of its answer. */
  read(tool: string, given: unknown): Promise<Readonly<Record<string, unknown>>>;
  /** Finds operations, and returns their ids. */
  find(query: string, limit?: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

interface SearchToolsOptions {
  /** Files and folders that are given, by their paths in the folder; all of it by default. */
  readonly roots?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly refusalOf?: (file: CatalogueFile, operation: CatalogueOperation) => string | undefined;
  /** Whether the index is kept beside the folder. */
  readonly isKept?: boolean;
}

/** Makes the tools over files by their paths in a new folder. */
export async function openSearchTools(
  files: Readonly<Record<string, string>>,
  { roots = [""], env = {}, refusalOf = () => undefined, isKept = false }: SearchToolsOptions = {},
): Promise<OpenedSearchTools> {
  const root = await temporaryFolder(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`files/${name}`, text])),
  );
  const folder = path.join(root, "files");
  const { tools, close } = searchTools({
    catalogue: {
      folders: { roots: roots.map(each => path.join(folder, each)), deep: [], dirs: [] },
      importRoots: [],
      store: isKept ? path.join(root, "store") : undefined,
    },
    answers: new Answers(DEFAULT_ANSWER_SETTINGS),
    open: async file => {
      const runtime = await openRuntime(file, { env }, { cwd: root, secrets: new SecretMask(), numbers: "exact" });
      return { runtime, close: () => runtime.close() };
    },
    options: {},
    refusalOf,
  });
  const call = (name: string, given: unknown) => {
    const tool = tools.find(each => each.name === name);
    if (tool === undefined) throw new Error(`There is no tool ${name}`);
    return tool.call(given, QUIET_CONTEXT);
  };
  const read = async (name: string, given: unknown) => {
    const [first] = (await call(name, given)).content;
    if (first?.type !== "text") throw new Error("The answer is no text");
    return JSON.parse(first.text) as Readonly<Record<string, unknown>>;
  };
  return {
    folder,
    tools,
    call,
    read,
    find: async (query, limit = 10) => {
      const { operations } = await read("search_operations", { query, limit });
      return (operations as readonly { readonly id: string }[]).map(({ id }) => id);
    },
    close,
  };
}
