import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { _, Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { transform } from "esbuild";

const root = path.resolve(import.meta.dirname, "..");

/** Schema that decides whether a file can run. */
const LENIENT = "naftiko.schema.json";
/** Schema of `naftiko.config.yaml`. */
const CONFIG = "config.schema.json";
/** Schemas of the published specification, by root key. */
const PUBLISHED = ["published-naftiko", "published-ikanos"];

/** Most errors that one validation keeps: a hostile file could otherwise fill the memory with them. */
const MAX_ERRORS = 1000;
/** Most departures that are listed. Every published file has many, and they are counted. */
const MAX_DEPARTURES = 50_000;

/**
 * Compiles the JSON Schemas into validators that import nothing. For the lenient one of the language,
 * `validate-first.js` only gives the verdict and `validate-all.js` lists the errors. The published ones and that of the
 * configuration, which few calls need, list their errors. Files that are up to date are left alone.
 *
 * @returns {Promise<{ file: string, bytes: number }[]>} the files in the folders
 */
export async function buildSchema() {
  const language = withoutAnnotations(await readSchema(LENIENT));
  const config = withKnownKeys(withoutAnnotations(await readSchema(CONFIG)));
  const first = verdictOnly(compile(language, { allErrors: false }));
  const all = allErrors(compile(language, { allErrors: true }), MAX_ERRORS);
  const ofConfig = allErrors(compile(config, { allErrors: true }), MAX_ERRORS);
  const files = {
    "language/validation/generated/validate-first.js": await minify(first, LENIENT),
    "language/validation/generated/validate-first.d.ts": FIRST_TYPES,
    "language/validation/generated/validate-all.js": await minify(all, LENIENT),
    "language/validation/generated/validate-all.d.ts": ALL_TYPES,
    "language/overlays/generated/validate-config.js": await minify(ofConfig, CONFIG),
    "language/overlays/generated/validate-config.d.ts": CONFIG_TYPES,
  };
  for (const name of PUBLISHED) {
    files[`language/validation/generated/${name}.js`] = await published(`${name}.schema.json`);
    files[`language/validation/generated/${name}.d.ts`] = PUBLISHED_TYPES;
  }
  for (const [name, text] of Object.entries(files)) await writeIfChanged(path.join(root, "src", name), text);
  return Object.entries(files).map(([file, text]) => ({ file, bytes: Buffer.byteLength(text) }));
}

async function readSchema(name) {
  return JSON.parse(await readFile(path.join(root, "schema", name), "utf8"));
}

/** Writes a validator that lists the errors, with the names and keys of the schema's definitions for its messages. */
async function published(name) {
  const schema = await readSchema(name);
  const options = {
    allErrors: true,
    // Lengths count characters, not code units (JSON Schema Validation, 6.3.1).
    unicode: true,
    // Parts that are shared by several kinds of object do not say that they are about an object.
    strictTypes: false,
  };
  const definitions = Object.entries({ "": schema, ...schema.$defs }).map(([definition, part]) => [
    definition,
    { title: part.title ?? "", keys: Object.keys(part.properties ?? {}) },
  ]);
  const bare = withoutAnnotations(schema);
  for (const [definition, part] of Object.entries(bare.$defs)) part[DEFINITION] = definition;
  const code = allErrors(withSchemaPaths(compile(bare, options)), MAX_DEPARTURES);
  return minify(`${code}export const definitions = ${JSON.stringify(Object.fromEntries(definitions))};\n`, name);
}

/** Keyword that leaves the name of its definition in the code of a definition's function. */
const DEFINITION = "x-definition";

/**
 * Puts the path of its definition in front of the path of each error: Ajv gives only the path inside the definition.
 */
function withSchemaPaths(code) {
  return code
    .split(/^(?=function validate\d+\()/m)
    .map(part => {
      const definition = new RegExp(`^"${DEFINITION} (\\w+)";?$`, "m").exec(part);
      if (definition === null) return part;
      const [marker, name] = definition;
      return part.replace(marker, "").replaceAll('schemaPath:"#/', `schemaPath:"#/$defs/${name}/`);
    })
    .join("");
}

/** Replaces `additionalProperties: false` by a keyword whose errors list the known keys. */
function withKnownKeys(schema) {
  if (typeof schema !== "object" || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(withKnownKeys);
  const parts = Object.entries(schema).map(([name, part]) => [name, withKnownKeys(part)]);
  const { additionalProperties, ...rest } = Object.fromEntries(parts);
  if (additionalProperties === false) return { ...rest, propertyNames: { enum: Object.keys(schema.properties) } };
  return additionalProperties === undefined ? rest : { ...rest, additionalProperties };
}

/** Returns Ajv's code for the schema: functions, and a constant `check`. */
function compile(schema, options) {
  // Ajv's plain class: the one for 2020-12 writes bookkeeping for `$dynamicRef` and `unevaluated…` into every function,
  // a quarter of the code, and the schema has neither. A test checks that the schema is one of 2020-12.
  const ajv = new Ajv({
    strict: true,
    // An "if" asks for properties that are declared outside of it.
    strictRequired: false,
    allowUnionTypes: true,
    // Lengths are only compared with 1, where code units and characters are the same.
    unicode: false,
    logger: false,
    inlineRefs: false,
    code: { source: true, esm: true, lines: true, optimize: true },
    ...options,
  });
  ajv.addKeyword({
    keyword: DEFINITION,
    schemaType: "string",
    code: ({ gen, schema }) => gen.code(_`${`${DEFINITION} ${schema}`}`),
  });
  let code = standalone.default(ajv, ajv.compile(schema));
  code = replace(code, /^export const validate = (\w+);$/m, "const check = $1;");
  code = replace(code, /^export default \w+;$/m, "");
  code = code.replace('require("ajv/dist/runtime/ucs2length").default', "text => [...text].length");
  if (/\brequire\(|^import\b|\bimport\(|\bFunction\(|\beval\(/m.test(code)) {
    throw new Error("Cannot build the validators: ajv's code needs something at run time");
  }
  return code;
}

/** Reduces each error to a mark: messages, and the paths they need, are most of the code. */
function verdictOnly(code) {
  let bare = replace(code, /^(validate\d+\.errors) = \[\{.*\}\];$/gm, "$1 = [0];");
  bare = replace(bare, /^const (err\d+) = \{.*\};$/gm, "const $1 = 0;");
  bare = replace(bare, /, \{instancePath\b[^{}]*\}\)/g, ")");
  bare = replace(bare, /, \{instancePath="", [^{}]*\}=\{\}\)/g, ")");
  if (bare.includes("instancePath")) throw new Error("Cannot build the validators: a path is left in the code");
  return `${bare}
export function validate(data) {
  return check(data);
}
`;
}

/**
 * Makes the code collect errors in one list that ends at `maxErrors`. As ajv writes it, every failing part
 * copies the list, which takes quadratic time for a long list of bad elements.
 */
function allErrors(code, maxErrors) {
  const pushed = replace(code, /\bvErrors\.push\((\w+)\)/g, "append(vErrors, [$1])");
  const joined = replace(pushed, /\bvErrors\.concat\((\w+\.errors)\)/g, "append(vErrors, $1)");
  return `${joined}
function append(errors, more) {
  for (let i = 0; i < more.length && errors.length < ${maxErrors}; i++) errors.push(more[i]);
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

/** Returns the schema without the parts for people, which ajv would copy into the code. */
function withoutAnnotations(schema) {
  if (typeof schema !== "object") return schema;
  const { $schema, $comment, title, description, examples, default: _, deprecated, ...rest } = schema;
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

async function minify(code, schemaName) {
  const result = await transform(code, { format: "esm", minify: true, treeShaking: true });
  return `// Generated by scripts/build-schema.mjs from schema/${schemaName}.\n${result.code}`;
}

const FIRST_TYPES = `// Generated by scripts/build-schema.mjs.

/** Tells whether a document keeps to the JSON Schema. \`validate-all.js\` tells its errors. */
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
  /** Wrong key, if the error is about one. */
  readonly propertyName?: string;
}

/** Tells whether a document keeps to the JSON Schema, and leaves the errors in \`validate.errors\`. */
export declare function validate(data: unknown): boolean;
export declare namespace validate {
  /** The errors of the last call, at most ${MAX_ERRORS}, in the schema's order; \`null\` when there were none. */
  let errors: readonly SchemaError[] | null | undefined;
}
`;

const PUBLISHED_TYPES = `// Generated by scripts/build-schema.mjs.
import type { SchemaError } from "./validate-all.js";

/** Tells whether a document keeps to the published specification, and leaves its departures in \`validate.errors\`. */
export declare function validate(data: unknown): boolean;
export declare namespace validate {
  /** The errors of the last call, at most ${MAX_DEPARTURES}, in the schema's order; \`null\` when there were none. */
  let errors: readonly SchemaError[] | null | undefined;
}

/** Titles of the definitions of the schema, and the keys of their objects. The root's name is empty. */
export declare const definitions: Readonly<
  Record<string, { readonly title: string; readonly keys: readonly string[] }>
>;
`;

const CONFIG_TYPES = `// Generated by scripts/build-schema.mjs.

import type { SchemaError } from "../../validation/generated/validate-all.js";

/** Tells whether a configuration keeps to the JSON Schema, and leaves the errors in \`validate.errors\`. */
export declare function validate(data: unknown): boolean;
export declare namespace validate {
  /** The errors of the last call, at most ${MAX_ERRORS}; \`null\` when there were none. */
  let errors: readonly SchemaError[] | null | undefined;
}
`;

/** Replaces a file in one move, so that a reader never sees half of it. */
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
