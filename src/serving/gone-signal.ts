import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { prepareSignal } from "../base/long-lived-signal.ts";

/** The signals of connections: making one for each request would cost more. */
const signals = new WeakMap<Socket, AbortSignal>();

/** Returns a signal that is aborted when the connection of the client ends. */
export function goneSignal({ socket }: IncomingMessage): AbortSignal {
  let signal = signals.get(socket);
  if (signal === undefined) {
    const controller = new AbortController();
    ({ signal } = controller);
    prepareSignal(signal);
    signals.set(socket, signal);
    if (socket.destroyed) controller.abort(gone());
    else socket.once("close", () => controller.abort(gone()));
  }
  return signal;
}

function gone(): Error {
  return new Error("The client has gone");
}
