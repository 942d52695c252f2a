import { readSecretName, type SecretName } from "./secret-words.ts";

/** Every name that means a secret has one of these, or a letter beyond ASCII: few names need the lists of words. */
const MAY_MEAN_SECRET =
  /[^ -~]|key|tok|tkn|secret|pass|pwd|pswd|psw|psk|pin|code|auth|cred|cookie|sess|sid|sig|sas|jw[set]|otp|[cx]srf|bearer|hmac|cv[vc]|assert|ticket|hash|word|phrase|answer|pem|base|string|header|verifier|hint|response|mnemonic|senha|parola|salasana|haslo|heslo|contrasena|kennwort|wachtwoord|dockerconfig|kubeconfig/i;

/** Tells whether a name means a secret. */
export function secretName(name: string): SecretName {
  return MAY_MEAN_SECRET.test(name) ? readSecretName(name) : undefined;
}
