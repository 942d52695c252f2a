import { FAILSAFE_SCHEMA, type Schema, Type } from "js-yaml";

/**
 * The core schema of YAML 1.2 (chapter 10.3.2), as the package `yaml` reads it. js-yaml's own core schema also takes
 * `1_000` and `0b1` for numbers.
 */
const nullType = new Type("tag:yaml.org,2002:null", {
  kind: "scalar",
  resolve: (data: unknown) =>
    data === null || (typeof data === "string" && /^(?:~|[Nn]ull|NULL)?$/.test(data)),
  construct: () => null,
});

const booleanType = new Type("tag:yaml.org,2002:bool", {
  kind: "scalar",
  resolve: (data: unknown) => typeof data === "string" && /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/.test(data),
  construct: (data: string) => data[0] === "t" || data[0] === "T",
});

const integerType = new Type("tag:yaml.org,2002:int", {
  kind: "scalar",
  resolve: (data: unknown) =>
    typeof data === "string" && /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/.test(data),
  construct: (data: string) => Number(data),
});

const floatType = new Type("tag:yaml.org,2002:float", {
  kind: "scalar",
  resolve: (data: unknown) => typeof data === "string" && FLOAT.test(data),
  construct: constructFloat,
});

const FLOAT =
  /^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

function constructFloat(data: string): number {
  const lower = data.toLowerCase();
  if (lower.endsWith(".nan")) return Number.NaN;
  if (lower.endsWith(".inf"))
    return lower.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(data);
}

export const coreSchema: Schema = FAILSAFE_SCHEMA.extend({
  implicit: [nullType, booleanType, integerType, floatType],
});
