import type { JsonObject } from "../../base/json-object.ts";
import type { CapabilityDocument } from "../document/document-types.ts";

/** Returns the contact, which is a stakeholder of a capability. */
export function exportedContact({ info }: CapabilityDocument): JsonObject {
  const [first] = info?.stakeholders ?? [];
  if (first?.role !== "contact") return {};
  const { fullName, email } = first;
  const contact = { ...(fullName && fullName !== email ? { name: fullName } : {}), ...(email ? { email } : {}) };
  return Object.keys(contact).length === 0 ? {} : { contact };
}
