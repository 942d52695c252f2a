import { isTransportHeader } from "../../expression/transport-header.ts";
import type { Rule } from "../rule.ts";

/** Finds inputs that are headers which only the transport may write (language chapter 5.4). */
export const transportHeader: Rule = {
  name: "transport-header",
  kinds: ["warning"],
  explanation: "The header belongs to the connection; only the transport may write it, so it is not sent.",
  fix: "Remove the parameter.",
  parameter({ name, in: location }, pointer, report) {
    if (location !== "header" || !isTransportHeader(name)) return;
    report("warning", `${pointer}/name`, `Header "${name}" is written by the transport alone: it is not sent`);
  },
};
