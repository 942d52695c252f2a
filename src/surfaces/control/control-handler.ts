import type { FastifyReply, FastifyRequest } from "fastify";
import { stringify } from "../../base/numbers/exact-json.ts";
import { Refusal } from "../../serving/refusal.ts";
import { requireAllowed } from "./admission.ts";
import { configRoutes } from "./config.ts";
import type { ControlAnswer, Controlled, ControlRequest, ControlRoute } from "./control-route.ts";
import { healthRoutes } from "./health.ts";
import { logRoutes } from "./logs.ts";
import { metricsRoutes } from "./metrics.ts";
import { scriptingRoutes } from "./scripting.ts";
import { statusRoutes } from "./status.ts";

/** The first that fits is taken. */
const ROUTES: readonly ControlRoute[] = [
  ...healthRoutes,
  ...statusRoutes,
  ...scriptingRoutes,
  ...metricsRoutes,
  ...configRoutes,
  ...logRoutes,
];

/** Answers requests of a control adapter (language chapter 7.5). */
interface ControlHandler {
  /**
   * @param target path and query, as sent
   * @throws Refusal
   */
  handle(request: FastifyRequest, reply: FastifyReply, target: string): Promise<void>;
}

/** Makes what answers the requests of a control adapter. Callers have been let in by its guard before. */
export function createControlHandler(given: Omit<Controlled, "loadedAt">): ControlHandler {
  const controlled = { ...given, loadedAt: new Date().toISOString() };
  const routes = ROUTES.filter(route => route.isOn(controlled.adapter)).map(route => ({
    route,
    matches: matcherOf(route.path),
  }));
  return {
    async handle(request, reply, target) {
      const [path = "", search = ""] = splitAtQuery(target);
      for (const { route, matches } of routes) {
        const name = matches(path);
        if (name === undefined) continue;
        const found = { request, reply, query: new URLSearchParams(search), name };
        const answer = await answerOf(route, controlled, found);
        if (answer !== undefined) send(reply, answer);
        return;
      }
      throw new Refusal(404, "The control adapter has no such path, or it is switched off");
    },
  };
}

function splitAtQuery(target: string): [string, string] {
  const at = target.indexOf("?");
  return at < 0 ? [target, ""] : [target.slice(0, at), target.slice(at + 1)];
}

/** Makes what returns the value of the placeholder of a path. It returns `undefined` for other paths. */
function matcherOf(path: string): (given: string) => string | undefined {
  const at = path.indexOf("{");
  if (at < 0) return given => (given === path ? "" : undefined);
  const start = path.slice(0, at);
  return given => {
    const rest = given.slice(start.length);
    if (!given.startsWith(start) || rest === "" || rest.includes("/")) return undefined;
    try {
      return decodeURIComponent(rest);
    } catch {
      return undefined;
    }
  };
}

function answerOf(route: ControlRoute, controlled: Controlled, found: ControlRequest) {
  const { methods } = route;
  const { method } = found.request;
  const known = method === "HEAD" ? "GET" : method;
  const answer = Object.hasOwn(methods, known) ? methods[known as keyof typeof methods] : undefined;
  if (answer === undefined) {
    const allow = Object.keys(methods).flatMap(name => (name === "GET" ? ["GET", "HEAD"] : [name]));
    const headers = { allow: [...allow, "OPTIONS"].join(", ") };
    if (method !== "OPTIONS") throw new Refusal(405, `The path takes ${allow.join(", ")}`, headers);
    found.reply.code(204).headers(headers).send();
    return undefined;
  }
  requireAllowed(found.request, controlled.adapter, {
    isChange: known !== "GET",
    isHealth: route.path.startsWith("/health/"),
  });
  return answer(controlled, found);
}

function send(reply: FastifyReply, answer: ControlAnswer): void {
  const isText = "text" in answer;
  reply
    .code(answer.status)
    .headers({
      "content-type": isText ? answer.contentType : "application/json",
      // States are those of the moment.
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    })
    // Bytes: fastify would add a charset to the type of a text, which JSON does not have.
    .send(Buffer.from(isText ? answer.text : (stringify(answer.value) ?? "null")));
}
