import { openCapability } from "naftiko";

const SERVICE_DESK = new URL("capabilities/service-desk.yaml", import.meta.url);

/** Opens the two APIs of the examples, each at another URL than the file's where a variable says so. */
export async function openApis({ CLERK_URL, DESK_URL } = process.env) {
  const common = { timeoutMs: 5_000, retries: 2 };
  const [clerk, desk] = await Promise.all([
    openCapability("clerk-backend-api-api-keys", { ...common, ...(CLERK_URL && { baseUri: CLERK_URL }) }),
    openCapability(SERVICE_DESK, { ...common, ...(DESK_URL && { baseUri: DESK_URL }) }),
  ]);
  return { clerk, desk, close: () => Promise.all([clerk.close(), desk.close()]) };
}
