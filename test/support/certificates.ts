import { generateKeyPairSync, type KeyPairKeyObjectResult, sign } from "node:crypto";

/** A key and its certificate, as PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

const COMMON_NAME = Buffer.from("550403", "hex");
const ECDSA_WITH_SHA256 = Buffer.from("2a8648ce3d040302", "hex");

/** An authority that issues certificates, whose own is self-signed. */
export interface CertificateAuthority {
  /** As PEM. */
  readonly cert: string;
  issue(name: string, validity?: Validity): KeyAndCertificate;
}

/** In days from now. */
interface Validity {
  readonly from: number;
  readonly to: number;
}

const ONE_DAY: Validity = { from: -1, to: 1 };

export function createSelfSignedCertificate(): KeyAndCertificate {
  const keys = newKeys();
  return { key: keyText(keys), cert: certificate("localhost", keys, "localhost", keys, ONE_DAY) };
}

export function createCertificateAuthority(name = "Test authority"): CertificateAuthority {
  const keys = newKeys();
  return {
    cert: certificate(name, keys, name, keys, ONE_DAY),
    issue(subject, validity = ONE_DAY) {
      const subjectKeys = newKeys();
      return { key: keyText(subjectKeys), cert: certificate(subject, subjectKeys, name, keys, validity) };
    },
  };
}

function newKeys(): KeyPairKeyObjectResult {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function keyText({ privateKey }: KeyPairKeyObjectResult): string {
  return privateKey.export({ type: "pkcs8", format: "pem" }) as string;
}

/** Makes a certificate. Node makes keys only, so this writes the few fields of X.509 (RFC 5280, 4.1) that TLS needs. */
function certificate(
  subject: string,
  { publicKey }: KeyPairKeyObjectResult,
  issuer: string,
  { privateKey }: KeyPairKeyObjectResult,
  { from, to }: Validity,
): string {
  const algorithm = sequence(der(0x06, ECDSA_WITH_SHA256));
  const now = Date.now();
  const day = 86_400_000;
  const content = sequence(
    der(0x02, Buffer.from([1])),
    algorithm,
    nameOf(issuer),
    sequence(time(now + from * day), time(now + to * day)),
    nameOf(subject),
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = sign("sha256", content, privateKey);
  const signed = sequence(content, algorithm, der(0x03, Buffer.from([0]), signature));
  return `-----BEGIN CERTIFICATE-----\n${signed.toString("base64")}\n-----END CERTIFICATE-----\n`;
}

function nameOf(text: string): Buffer {
  return sequence(der(0x31, sequence(der(0x06, COMMON_NAME), der(0x0c, Buffer.from(text)))));
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(0x30, ...parts);
}

/** Writes a value in DER (X.690, 8.1): tag, length, content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** Writes a UTCTime in whole seconds. */
function time(milliseconds: number): Buffer {
  const text = new Date(milliseconds).toISOString().replace(/[-:T]|\.\d+/g, "");
  return der(0x17, Buffer.from(text.slice(2)));
}
