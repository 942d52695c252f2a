// Issues an API key for a user, and opens a ticket about it at another API.
import { openApis } from "./open-apis.mjs";

const user = process.argv[2] ?? "user_1";
const { clerk, desk, close } = await openApis();
try {
  const key = await clerk.run("createApiKey", { body: { name: "ci", subject: user } });
  const { name } = key.outputs.result;
  const ticket = await desk.run("create-ticket", { title: `Install the key "${name}"`, requester: user });
  console.log(`${user} has the key "${name}" and the ticket ${ticket.outputs.id}`);
} finally {
  await close();
}
