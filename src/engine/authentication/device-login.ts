import { CapabilityError, isCapabilityError } from "../../base/capability-error.ts";
import { quoteServer } from "./authentication-error.ts";
import type { StoredTokens } from "./login-store.ts";
import type { OAuth2Client } from "./oauth2-client.ts";
import { failed } from "./oauth2-exchange.ts";

/** Instructions for a person who logs in on another device. */
interface DeviceInstructions {
  readonly userCode: string;
  readonly verificationUri: string;
  /** The same address with the code in it, if the server gives one. */
  readonly completeUri: string | undefined;
}

/** Settings of a login on another device. */
interface DeviceLoginOptions {
  readonly onInstructions: (instructions: DeviceInstructions) => void;
  /** Waits. Rejects when the login is given up. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** Default interval between two requests (RFC 8628, 3.2), and its growth (3.5). */
const INTERVAL_SECONDS = 5;
/** Limit for the lifetime that a server names. */
const LONGEST_LIFE_SECONDS = 3_600;

/**
 * Lets a person log in on another device (RFC 8628): asks the server again and again until they are logged in.
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
      device.verification_uri_complete === undefined ? undefined : webAddress(device.verification_uri_complete),
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
  throw failed("expired_token", `The login was not completed within ${lifeSeconds} seconds`);
}

/** Returns the seconds by which the interval grows before the next request, or `undefined` if asking again is useless. */
function pollAgain(error: unknown): number | undefined {
  if (isCapabilityError(error, "AUTHENTICATION_FAILED")) {
    const { reason } = error.details;
    return reason === "authorization_pending" ? 0 : reason === "slow_down" ? INTERVAL_SECONDS : undefined;
  }
  // The network may be back soon (RFC 8628, 3.5).
  const isPassing = error instanceof CapabilityError && (error.code === "NETWORK" || error.code === "TIMEOUT");
  return isPassing ? INTERVAL_SECONDS : undefined;
}

/** Checks an address that people will open: it must be a page, not a URL that starts an application. */
function webAddress(text: string): string {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return new URL(text).href;
  throw failed("invalid_answer", `The authorization server names ${JSON.stringify(quoteServer(text))} as a page`);
}
