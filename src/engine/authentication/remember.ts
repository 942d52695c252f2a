/** Limit of entries. If callers choose the host, there can be any number of origins. */
const MOST_ENTRIES = 1_000;

/** Sets an entry that can be created again. If there are too many, the oldest one is forgotten. */
export function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  const [oldest] = map.keys();
  if (map.size >= MOST_ENTRIES && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
