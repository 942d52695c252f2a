import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { transform } from "esbuild";

const root = path.resolve(import.meta.dirname, "..");
const LANGUAGE = "naftiko.schema.json";
const CONFIG = "config.schema.json";

/** Most errors that one validation keeps: a hostile file could otherwise fill the memory with them. */
const MAX_ERRORS = 1000;

/**
 * Compiles the JSON Schemas into validators that import nothing. Of the language, `validate-first.js` only gives the
 * verdict, `validate-all.js` lists the errors; of the configuration, which few calls have, one does both. Files that are
 * up to date are left alone.
 *
 * @returns {Promise<{ file: string, bytes: number }[]>} what the folders now hold
 */
export async function buildSchema() {
  const language = await readSchema(LANGUAGE);
  const config = withKnownKeys(await readSchema(CONFIG));
  const first = verdictOnly(compile(language, { allErrors: false }));
  const all = allErrors(compile(language, { allErrors: true }));
  const ofConfig = allErrors(compile(config, { allErrors: true }));
  const files = {
    "validation/generated/validate-first.js": await minify(first, LANGUAGE),
    "validation/generated/validate-first.d.ts": FIRST_TYPES,
    "validation/generated/validate-all.js": await minify(all, LANGUAGE),
    "validation/generated/validate-all.d.ts": ALL_TYPES,
    "overlays/generated/validate-config.js": await minify(ofConfig, CONFIG),
    "overlays/generated/validate-config.d.ts": CONFIG_TYPES,
  };
  for (const [name, text] of Object.entries(files)) await writeIfChanged(path.join(root, "src", name), text);
  return Object.entries(files).map(([file, text]) => ({ file, bytes: Buffer.byteLength(text) }));
}

async function readSchema(name) {
  return withoutAnnotations(JSON.parse(await readFile(path.join(root, "schema", name), "utf8")));
}

/** Objects that refuse other keys, with a keyword in place of `additionalProperties` whose errors say which they know. */
function withKnownKeys(schema) {
  if (typeof schema !== "object" || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(withKnownKeys);
  const parts = Object.entries(schema).map(([name, part]) => [name, withKnownKeys(part)]);
  const { additionalProperties, ...rest } = Object.fromEntries(parts);
  if (additionalProperties === false)
    return { ...rest, propertyNames: { enum: Object.keys(schema.properties) } };
  return additionalProperties === undefined ? rest : { ...rest, additionalProperties };
}

/** Ajv's code for the schema: functions, and a constant `check`. */
function compile(schema, options) {
  // Ajv's plain class, because the one for 2020-12 writes bookkeeping for `$dynamicRef` and `unevaluated…` into every
  // function, a quarter of the code; the schema has neither. That it is a 2020-12 schema is tested.
  const ajv = new Ajv({
    ...options,
    strict: true,
    // An "if" asks for properties that are declared outside of it.
    strictRequired: false,
    allowUnionTypes: true,
    // Lengths are only compared with 1, where code units and characters are the same.
    unicode: false,
    logger: false,
    inlineRefs: false,
    code: { source: true, esm: true, lines: true, optimize: true },
  });
  let code = standalone.default(ajv, ajv.compile(schema));
  code = replace(code, /^export const validate = (\w+);$/m, "const check = $1;");
  code = replace(code, /^export default \w+;$/m, "");
  if (/\brequire\(|^import\b|\bimport\(|\bFunction\(|\beval\(/m.test(code)) {
    throw new Error("Cannot build the validators: ajv's code needs something at run time");
  }
  return code;
}

/** Leaves of each error only that there is one: what errors say, and the paths they need, is most of the code. */
function verdictOnly(code) {
  let bare = replace(code, /^(validate\d+\.errors) = \[\{.*\}\];$/gm, "$1 = [0];");
  bare = replace(bare, /^const (err\d+) = \{.*\};$/gm, "const $1 = 0;");
  bare = replace(bare, /, \{instancePath\b[^{}]*\}\)/g, ")");
  bare = replace(bare, /, \{instancePath="", [^{}]*\}=\{\}\)/g, ")");
  if (bare.includes("instancePath"))
    throw new Error("Cannot build the validators: a path is left in the code");
  return `${bare}
export function validate(data) {
  return check(data);
}
`;
}

/**
 * Makes the code collect errors in one list that ends at {@link MAX_ERRORS}. As ajv writes it, every failing part
 * copies the list, which takes quadratic time for a long list of bad elements.
 */
function allErrors(code) {
  const pushed = replace(code, /\bvErrors\.push\((\w+)\)/g, "append(vErrors, [$1])");
  const joined = replace(pushed, /\bvErrors\.concat\((\w+\.errors)\)/g, "append(vErrors, $1)");
  return `${joined}
function append(errors, more) {
  for (let i = 0; i < more.length && errors.length < ${MAX_ERRORS}; i++) errors.push(more[i]);
  return errors;
}
export function validate(data) {
  const valid = check(data);
  // The keyword "if" only repeats that its branch has errors.
  validate.errors = valid ? null : check.errors.filter(error => error.keyword !== "if");
  return valid;
}
`;
}

function replace(code, pattern, replacement) {
  const replaced = code.replace(pattern, replacement);
  if (replaced === code) throw new Error(`Cannot build the validators: ajv's code has no ${pattern}`);
  return replaced;
}

/** The schema without what only people read; ajv would copy it into the code. */
function withoutAnnotations(schema) {
  if (typeof schema !== "object") return schema;
  const { $schema, title, description, examples, default: _, deprecated, ...rest } = schema;
  for (const keyword of ["$defs", "properties"]) {
    if (rest[keyword] === undefined) continue;
    const named = Object.entries(rest[keyword]).map(([name, value]) => [name, withoutAnnotations(value)]);
    rest[keyword] = Object.fromEntries(named);
  }
  for (const keyword of ["allOf", "anyOf"]) {
    if (rest[keyword] !== undefined) rest[keyword] = rest[keyword].map(withoutAnnotations);
  }
  for (const keyword of ["additionalProperties", "propertyNames", "items", "if", "then", "else"]) {
    if (rest[keyword] !== undefined) rest[keyword] = withoutAnnotations(rest[keyword]);
  }
  return rest;
}

async function minify(code, schema) {
  const result = await transform(code, { format: "esm", minify: true, treeShaking: true });
  return `// Generated by scripts/build-schema.mjs from schema/${schema}.\n${result.code}`;
}

const FIRST_TYPES = `// Generated by scripts/build-schema.mjs.

/** Tells whether a document keeps to the JSON Schema. What is wrong with it, \`validate-all.js\` says. */
export declare function validate(data: unknown): boolean;
`;

const ALL_TYPES = `// Generated by scripts/build-schema.mjs.

/** One violation of the JSON Schema, as ajv reports it. */
export interface SchemaError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message: string;
  /** The key that is wrong, where the error is about one. */
  readonly propertyName?: string;
}

/** Tells whether a document keeps to the JSON Schema, and leaves what is wrong in \`validate.errors\`. */
export declare function validate(data: unknown): boolean;
export declare namespace validate {
  /** The errors of the last call, at most ${MAX_ERRORS}, in the schema's order; \`null\` when there were none. */
  let errors: readonly SchemaError[] | null | undefined;
}
`;

const CONFIG_TYPES = `// Generated by scripts/build-schema.mjs.

import type { SchemaError } from "../../validation/generated/validate-all.js";

/** Tells whether a configuration keeps to the JSON Schema, and leaves what is wrong in \`validate.errors\`. */
export declare function validate(data: unknown): boolean;
export declare namespace validate {
  /** The errors of the last call, at most ${MAX_ERRORS}; \`null\` when there were none. */
  let errors: readonly SchemaError[] | null | undefined;
}
`;

/** Replaces a file in one move, so that a reader at the same time never sees half of it. */
async function writeIfChanged(file, text) {
  const current = await readFile(file, "utf8").catch(() => undefined);
  if (current === text) return;
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { file, bytes } of await buildSchema()) console.log(`${file} ${(bytes / 1024).toFixed(1)} kB`);
}
