import type { McpAdapter } from "../../../language/model/exposed/types.ts";
import { Answers } from "../../../tools/answer/answers.ts";
import { type ExposedSettings, offerOfAdapter } from "../../mcp/exposed/offer-of-adapter.ts";
import type { McpOffer } from "../../mcp/offer.ts";
import { serveStdio } from "../../mcp/stdio/serve-stdio.ts";
import type { CommandContext } from "../command-context.ts";
import { usageError } from "../usage-error.ts";
import type { ServedCapability } from "./open-served.ts";
import { labelOf } from "./own-ports.ts";
import type { CapabilityServer, Hosted, ServerParts } from "./server-parts.ts";

/** An adapter that has the standard streams. */
interface StreamAdapter {
  readonly hosted: Hosted;
  readonly adapter: McpAdapter;
}

/**
 * Finds the adapter that has the standard streams.
 *
 * @throws CapabilityError `USAGE` if there are several
 */
export function findStreamAdapter({ hosted: all }: CapabilityServer): StreamAdapter | undefined {
  const found = [...all].flatMap(hosted => streamAdapters(hosted.current).map(adapter => ({ hosted, adapter })));
  const [first, second] = found;
  if (first === undefined || second === undefined) return first;
  const [one, other] = [first, second].map(({ hosted, adapter }) => labelOf(hosted.name, adapter));
  throw usageError(`Cannot serve ${one} and ${other}: only one adapter can have standard input and output`);
}

function streamAdapters(opened: ServedCapability | undefined): McpAdapter[] {
  return (opened?.adapters ?? []).flatMap(({ adapter }) =>
    adapter.type === "mcp" && adapter.transport === "stdio" ? [adapter] : [],
  );
}

/** Serves the adapter to the client that has started the command, until it is gone or the signal is aborted. */
export async function serveStreams(
  served: StreamAdapter,
  { tell, fail, answers }: Pick<ServerParts, "tell" | "fail" | "answers">,
  signal: AbortSignal,
  { stdin, reserveOutput }: Pick<CommandContext, "stdin" | "reserveOutput">,
): Promise<void> {
  const { hosted, adapter } = served;
  const output = await reserveOutput();
  tell(`${labelOf(hosted.name, adapter)} has standard input and output`);
  const report = (error: unknown) => fail(hosted.file, error, "a request could not be answered");
  await serveStdio(
    currentOffer(served, { answers: new Answers(answers), report }),
    { input: stdin, output, signal },
    { report },
  );
}

/** Returns what gives the offer of the newest state of the file that has the adapter. */
function currentOffer({ hosted, adapter: { namespace } }: StreamAdapter, settings: ExposedSettings): () => McpOffer {
  let opened: ServedCapability | undefined;
  let offer: McpOffer | undefined;
  return () => {
    const newest = hosted.current;
    const adapter = streamAdapters(newest).find(other => other.namespace === namespace);
    if (newest !== undefined && adapter !== undefined && newest !== opened) {
      opened = newest;
      offer = held(offerOfAdapter(adapter, newest.runtime, settings), hosted);
    }
    if (offer === undefined) throw new Error(`${hosted.name} is closed`);
    return offer;
  };
}

/** Keeps the state of a file open while it is used. */
function held({ tools, resources, ...offer }: McpOffer, hosted: Hosted): McpOffer {
  const hold = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const version = await hosted.acquire();
    try {
      return await work();
    } finally {
      hosted.release(version);
    }
  };
  return {
    ...offer,
    tools: tools.map(tool => ({ ...tool, call: (given, context) => hold(() => tool.call(given, context)) })),
    resources: resources && { ...resources, read: (uri, signal) => hold(() => resources.read(uri, signal)) },
  };
}
