// Lets a model answer a question by the service desk, whose operations it calls as tools.
import { openApis } from "./open-apis.mjs";

const question = process.argv[2] ?? "Which tickets does user_1 have?";
const { desk, close } = await openApis();
try {
  // `openaiChat`, `openaiResponses` and `aiSdk` are the same tools in the forms of other programs.
  const tools = await desk.tools({ readOnly: true });
  const messages = [{ role: "user", content: question }];
  for (;;) {
    const { content, stop_reason } = await askModel({ messages, tools: tools.anthropic });
    messages.push({ role: "assistant", content });
    if (stop_reason !== "tool_use") {
      console.log(content.map(({ text }) => text).join(""));
      break;
    }
    const calls = content.filter(({ type }) => type === "tool_use");
    messages.push({ role: "user", content: await Promise.all(calls.map(call => callTool(tools, call))) });
  }
} finally {
  await close();
}

async function callTool(tools, { id, name, input }) {
  const { text, isError } = await tools.call(name, input);
  return { type: "tool_result", tool_use_id: id, content: text, is_error: isError };
}

/**
 * Stands in for a model, so that the example needs no key. With `@anthropic-ai/sdk` it is
 * `anthropic.messages.create({ model, max_tokens: 1_000, messages, tools })`.
 */
async function askModel({ messages, tools }) {
  const results = messages.at(-1).content;
  if (typeof results !== "string")
    return { stop_reason: "end_turn", content: [{ type: "text", text: results[0].content }] };
  const { name } = tools.find(tool => tool.name === "list-tickets");
  const input = { requester: "user_1", limit: 1 };
  return { stop_reason: "tool_use", content: [{ type: "tool_use", id: "1", name, input }] };
}
