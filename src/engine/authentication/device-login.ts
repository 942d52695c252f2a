import { CapabilityError, isCapabilityError } from "../../base/capability-error.ts";
import { quoteServer } from "./authentication-error.ts";
import type { StoredTokens } from "./login-store.ts";
import type { OAuth2Client } from "./oauth2-client.ts";
import { failed } from "./oauth2-exchange.ts";

/** What a person has to do on another device. */
export interface DeviceInstructions {
  readonly userCode: string;
  readonly verificationUri: string;
  /** The same address with the code in it, where the server gives one. */
  readonly completeUri: string | undefined;
}

export interface DeviceLoginOptions {
  readonly onInstructions: (instructions: DeviceInstructions) => void;
  /** Waits; rejects when the login is given up. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** Between two questions, where the server does not say (RFC 8628, 3.2), and how much it grows by (3.5). */
const INTERVAL_SECONDS = 5;
/** Whatever a server says: a login must end. */
const LONGEST_LIFE_SECONDS = 3_600;

/**
 * Lets a person log in on another device (RFC 8628): asks the server again and again until they have.
 *
 * @throws CapabilityError `AUTHENTICATION_FAILED`
 */
export async function loginByDevice(
  client: OAuth2Client,
  { onInstructions, pause }: DeviceLoginOptions,
): Promise<StoredTokens> {
  const device = await client.beginDevice();
  onInstructions({
    userCode: quoteServer(device.user_code),
    verificationUri: webAddress(device.verification_uri),
    completeUri:
      device.verification_uri_complete === undefined
        ? undefined
        : webAddress(device.verification_uri_complete),
  });
  let intervalSeconds = Math.max(1, device.interval ?? INTERVAL_SECONDS);
  const lifeSeconds = Math.min(device.expires_in, LONGEST_LIFE_SECONDS);
  for (let waited = 0; waited + intervalSeconds <= lifeSeconds; ) {
    await pause(intervalSeconds * 1000);
    waited += intervalSeconds;
    try {
      return await client.exchangeDeviceCode(device.device_code);
    } catch (error) {
      const again = pollAgain(error);
      if (again === undefined) throw error;
      intervalSeconds += again;
    }
  }
  throw failed("expired_token", `Nobody has logged in within ${lifeSeconds} seconds`);
}

/** By how many seconds the interval grows before the server is asked again; nothing where that is no use. */
function pollAgain(error: unknown): number | undefined {
  if (isCapabilityError(error, "AUTHENTICATION_FAILED")) {
    const { reason } = error.details;
    return reason === "authorization_pending" ? 0 : reason === "slow_down" ? INTERVAL_SECONDS : undefined;
  }
  // A network that is away for a moment (RFC 8628, 3.5).
  const isPassing =
    error instanceof CapabilityError && (error.code === "NETWORK" || error.code === "TIMEOUT");
  return isPassing ? INTERVAL_SECONDS : undefined;
}

/** People will open it: it must be a page, and nothing that an application is started with. */
function webAddress(text: string): string {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return new URL(text).href;
  throw failed(
    "invalid_answer",
    `The authorization server names ${JSON.stringify(quoteServer(text))} as a page`,
  );
}
