import { AUTHORIZATION, type SessionKind } from "./authentication-kind.ts";

/** A signature over the finished request: AWS Signature Version 4. */
export const awsSigV4: SessionKind = {
  fields: ["accessKeyId", "secretAccessKey", "region", "service"],
  optionalFields: ["sessionToken"],
  publicFields: ["accessKeyId", "region", "service"],
  place: () => AUTHORIZATION,
  async open(values, context) {
    const { awsSigV4Session } = await import("./aws-sigv4-session.ts");
    return awsSigV4Session(values, context);
  },
};
