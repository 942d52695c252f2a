/** Where `@opentelemetry/api` keeps what a program has registered, whichever 1.x the program uses. */
const KEY = Symbol.for("opentelemetry.js.api.1");

/** Returns the OpenTelemetry of the program. `undefined` if it has registered nothing. */
export function programApi(): object | undefined {
  const found: unknown = Reflect.get(globalThis, KEY);
  const isRegistered = typeof found === "object" && found !== null && ("trace" in found || "metrics" in found);
  return isRegistered ? found : undefined;
}
