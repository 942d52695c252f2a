// The parts of the official packages that the house uses. They take longer to load than most commands, and are one file.

export {
  classifyInboundRequest,
  createMcpHandler,
  createRequestStateCodec,
  inputRequired,
  Server,
} from "@modelcontextprotocol/server";
export { serveStdio } from "@modelcontextprotocol/server/stdio";
