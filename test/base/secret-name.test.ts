import { describe, expect, it } from "vitest";
import { secretName } from "../../src/base/secret-name.ts";

const secrets = `
  password Password PASSWORD passwd pwd passphrase user_password userPassword new-password
  passwordConfirmation password2 password_hash db_pass smtpPassword secret client_secret clientSecret
  ClientSecret apiSecret api_secret webhookSecret secret_key SecretAccessKey aws_secret_access_key
  AWS_SECRET_ACCESS_KEY secretaccesskey SecretString secret_id token access_token accessToken
  accesstoken ACCESS_TOKEN refresh_token refreshToken id_token sessionToken session_token x-vault-token
  X-Vault-Token x-amz-security-token auth_token authToken x-auth-token bearerToken api_token apiToken
  personalAccessToken page_access_token csrf_token csrfToken _csrf csrfmiddlewaretoken xsrf-token
  authenticity_token __RequestVerificationToken device_code deviceCode apikey api_key apiKey X-API-Key
  APIKey private_key privateKey privatekey signingKey encryption_key master_key
  ocp-apim-subscription-key account_key shared_access_key x-functions-key dd-application-key jwt JWT
  sig signature X-Amz-Signature x-hub-signature-256 hmac authorization Proxy-Authorization
  X-Forwarded-Authorization cookie Set-Cookie set_cookie sessionCookie credentials X-Amz-Credential
  client_assertion assertion SAMLResponse code_verifier otp otp_code totp verification_code auth_code
  authorization_code passcode pin pass auth id_token_hint user[password] user.password PHPSESSID
  jsessionid oauth_token oauthToken oauth_signature oauth_token_secret consumer_secret tokenValue
  licenseKey ssh_private_key privateKeyPem bot_token
  SECRET_KEY_BASE passPhrase pass_word pswd sshKey deploy_key priv_key private_pem seedPhrase recovery_phrase
  two_factor_code smsCode pincode cvv card_cvc securityAnswer symmetric_key psk presharedKey authHeader authz
  connectionString storageKey .dockerconfigjson kubeconfig db_creds oauth_verifier kerberos_ticket
  api_hash apipass api_pass unsealKeys activationKey licenceKey X-RapidAPI-Key old_pass j_pass storepass
  motDePasse contraseña senha wachtwoord Kennwort пароль 密码
`;

const others = `
  token_type tokenType tokens_used max_tokens maxTokens prompt_tokens completion_tokens total_tokens
  token_count tokenCount token_endpoint token_id token_expires_at expires_in tokenizer tokenization
  password_policy passwordPolicy password_reset_url password_expires_at password_enabled passwordless
  has_password requires_password isSecret secretary secret_name secretName secret_arn secretVersion
  public_key publicKey publishable_key key keys keyboard keyword keywords primary_key primaryKey
  sort_key partitionKey foreign_key cache_key object_key idempotency_key idempotency-key key_id keyId
  monkey turkey hockey signature_version signatureVersion SignatureMethod signature_algorithm signed_at
  design assigned next_token NextToken nextPageToken next_page_token pageToken continuation_token
  continuationToken nextSyncToken syncToken cursor nextForwardToken eos_token pad_token author
  authority authors authenticated auth_type authMethod authorization_url authorizationEndpoint
  cookie_policy cookiesEnabled code status_code country_code currency_code postal_code zip_code
  error_code pinned pins spin shipping passenger passed bypass compass passport encompass boarding_pass
  otpEnabled credential_type client_id clientId session_id username user email id name url state nonce
  scope access accessKeyId access_level AccessKeyId aws_access_key_id refresh refresh_interval
  bearer_methods_supported jwks_uri code_challenge code_challenge_method client_assertion_type
  grant_type x-request-id etag hash digest salt private privacy is_private api_version apiVersion
  secure security security_group certificate csr fingerprint
  connection Connection string word keyword phrase passport_number question answer header
  ticket ticket_id base base_url base64 pem verifier service_ticket data_key product_key storage
`;

const namesIn = (text: string) => text.trim().split(/\s+/);

describe("secretName()", () => {
  it("has more than 60 names of each kind to tell apart", () => {
    for (const text of [secrets, others]) expect(new Set(namesIn(text)).size).toBeGreaterThan(60);
  });

  it.each(namesIn(secrets))("takes %s for a secret", name => {
    expect(secretName(name)).toBeDefined();
  });

  it.each(namesIn(others))("takes %s for none", name => {
    expect(secretName(name)).toBeUndefined();
  });

  it.each(["apiSecret", "session_token", "X-Vault-Token", "secretAccessKey", "client_password"])(
    "takes %s for one in every spelling",
    name => {
      const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").split(/[ _-]/);
      const title = (word: string) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
      for (const separator of ["", "-", "_", ".", " ", ":", "__"]) {
        const lower = words.join(separator).toLowerCase();
        for (const written of [lower, lower.toUpperCase(), words.map(title).join(separator)])
          expect([written, secretName(written)]).toEqual([written, "secret"]);
      }
    },
  );

  it("reads names of any length", () => {
    expect(secretName(`${"a".repeat(100_000)}_token`)).toBe("secret");
    expect(secretName("token".repeat(100_000))).toBeDefined();
    for (const name of ["", "--", "1", "hash", "x-x"]) expect(secretName(name)).toBeUndefined();
    expect(secretName("__proto__")).toBeUndefined();
    expect(secretName("constructor")).toBeUndefined();
  });
});
