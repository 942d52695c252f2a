import { setMaxListeners } from "node:events";

/** Those who listen to a signal, at places that are used again. */
interface Listeners {
  readonly places: (AbortListener | undefined)[];
  readonly free: number[];
}

/** Hears of the end of a signal. */
interface AbortListener {
  handleEvent(): void;
}

const prepared = new WeakMap<AbortSignal, Listeners>();

/**
 * Prepares a signal that one exchange after another listens to. A listener that is taken off a signal still points to the
 * next one, which came later, and that one to the next: each exchange would stay in memory until the next full garbage
 * collection. An event without a listener is dropped from a map, whose old tables keep the newer ones alive just so. So
 * one listener stays, and tells all others.
 */
export function prepareSignal(signal: AbortSignal): void {
  if (prepared.has(signal)) return;
  setMaxListeners(0, signal);
  const listeners: Listeners = { places: [], free: [] };
  prepared.set(signal, listeners);
  signal.addEventListener("abort", () => {
    for (const listener of listeners.places.slice()) listener?.handleEvent();
  });
}

/** Place of a listener to a signal that is not prepared. */
const NOWHERE = -1;

/** Listens to the end of a signal. Returns the place to give to {@link forgetSignal}. */
export function heedSignal(signal: AbortSignal, listener: AbortListener): number {
  const listeners = prepared.get(signal);
  if (listeners === undefined) {
    signal.addEventListener("abort", listener);
    return NOWHERE;
  }
  const place = listeners.free.pop() ?? listeners.places.length;
  listeners.places[place] = listener;
  return place;
}

/** Listens to a signal no longer. It is called once for each {@link heedSignal}. */
export function forgetSignal(signal: AbortSignal, listener: AbortListener, place: number): void {
  const listeners = prepared.get(signal);
  if (place === NOWHERE || listeners === undefined) {
    signal.removeEventListener("abort", listener);
    return;
  }
  listeners.places[place] = undefined;
  listeners.free.push(place);
}
