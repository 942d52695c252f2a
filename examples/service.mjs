// An HTTP service over two capabilities: GET /users/<user> shows a user's API keys and tickets.
import fastify from "fastify";
import { CapabilityError } from "naftiko";
import { openApis } from "./open-apis.mjs";

const { clerk, desk, close } = await openApis();
const service = fastify();

service.get("/users/:user", async ({ params, signal }) => {
  const { user } = params;
  const [keys, tickets] = await Promise.all([
    clerk.run("getApiKeys", { subject: user }, { signal }),
    desk.run("list-tickets", { requester: user }, { signal }),
  ]);
  return {
    keys: keys.outputs.result.data.map(({ id, name }) => ({ id, name })),
    tickets: tickets.outputs.titles,
  };
});

service.setErrorHandler((error, _request, reply) => {
  // What an API behind us did is not our caller's fault. Codes are stable; messages never hold secrets.
  const isUpstream = error instanceof CapabilityError;
  reply.code(isUpstream ? 502 : (error.statusCode ?? 500));
  return { error: { code: error.code ?? "FAULT", message: error.message } };
});

service.addHook("onClose", close);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => service.close());

console.log(`listening on ${await service.listen({ port: Number(process.env.PORT ?? 4020) })}`);
