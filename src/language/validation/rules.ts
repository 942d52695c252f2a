import type { Rule } from "./rule.ts";
import { authenticationUsable } from "./rules/authentication-usable.ts";
import { baseUri } from "./rules/base-uri.ts";
import { callerField } from "./rules/caller-field.ts";
import { environmentParameter } from "./rules/environment-parameter.ts";
import { inputSchema } from "./rules/input-schema.ts";
import { jsonPathSyntax } from "./rules/json-path-syntax.ts";
import { namespaceUnique } from "./rules/namespace-unique.ts";
import { operationUnique } from "./rules/operation-unique.ts";
import { outputSchema } from "./rules/output-schema.ts";
import { parameterStyleRule } from "./rules/parameter-style.ts";
import { pathParameter } from "./rules/path-parameter.ts";
import { rawFormat } from "./rules/raw-format.ts";
import { templateSyntax } from "./rules/template-syntax.ts";
import { transportHeader } from "./rules/transport-header.ts";
import { unquotedBraces } from "./rules/unquoted-braces.ts";
import { variableExposed } from "./rules/variable-exposed.ts";
import { version } from "./rules/version.ts";

/** Every semantic rule. */
export const rules: readonly Rule[] = [
  version,
  namespaceUnique,
  operationUnique,
  baseUri,
  authenticationUsable,
  environmentParameter,
  callerField,
  variableExposed,
  templateSyntax,
  unquotedBraces,
  pathParameter,
  parameterStyleRule,
  inputSchema,
  transportHeader,
  rawFormat,
  outputSchema,
  jsonPathSyntax,
];
