import { stringify } from "../../base/numbers/exact-json.ts";
import { parseBlockYaml } from "../../language/document/parse-block-yaml.ts";
import type { Interaction, RecordedBody } from "./cassette.ts";
import { bodyBytes } from "./recorded-body.ts";

/** Texts that need more than `|` as a block, and invisible characters. */
const TO_BE_QUOTED = /^\s|^$|\n\n$|[\u007f-\u009f\u2028\u2029]/;

/**
 * Writes a recorded call as an item of a block sequence, in the part of YAML that `parseBlockYaml` reads: a recording may
 * be too long for the full parser. The rare body that does not fit into it, such as JSON with a line break in a member's
 * name, is recorded in a plainer form.
 */
export async function writeInteraction(interaction: Interaction): Promise<string> {
  let text = "";
  for (const change of [(body: RecordedBody) => body, asText, asBase64]) {
    text = await write(withBodies(interaction, change));
    if (parseBlockYaml(text).ok) break;
  }
  return text;
}

async function write(interaction: Interaction): Promise<string> {
  const { Document, visit } = await import("yaml");
  const document = new Document([interaction], { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === "string" && TO_BE_QUOTED.test(node.value)) node.type = "QUOTE_DOUBLE";
    },
  });
  return document
    .toString({ lineWidth: 0, singleQuote: false, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER })
    .replace(/(?<=^|\n)(?=[^\n])/g, "  ");
}

function withBodies(
  { recordedAt, request, response }: Interaction,
  change: (body: RecordedBody) => RecordedBody,
): Interaction {
  return {
    ...(recordedAt === undefined ? {} : { recordedAt }),
    request: { ...request, ...(request.body === undefined ? {} : { body: change(request.body) }) },
    response: { ...response, ...(response.body === undefined ? {} : { body: change(response.body) }) },
  };
}

function asText(body: RecordedBody): RecordedBody {
  return "json" in body ? { text: stringify(body.json) ?? "" } : body;
}

function asBase64(body: RecordedBody): RecordedBody {
  return { base64: Buffer.from(bodyBytes(body)).toString("base64") };
}
