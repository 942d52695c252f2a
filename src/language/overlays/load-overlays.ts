import type { Stats } from "node:fs";
import path from "node:path";
import { type CapabilityError, type Diagnostic, isCapabilityError } from "../../base/capability-error.ts";
import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import type { Environment } from "../../base/environment.ts";
import { member } from "../../base/json-object.ts";
import { pointerSegment } from "../../base/json-pointer.ts";
import type { Remedy } from "../../base/remedy.ts";
import type { SourceLocation } from "../../base/source-location.ts";
import type { Document } from "../document/document.ts";
import { documentFromValue, readDocument } from "../document/read-document.ts";
import { type SourcePositions, sourcePositions } from "../document/source-positions.ts";
import { describeSchemaErrors, type SchemaFinding } from "../validation/schema-diagnostics.ts";
import { configInvalid, findingsInvalid } from "./config-error.ts";
import { requireOwn } from "./find-config.ts";
import { validate } from "./generated/validate-config.js";
import { matchesGlob } from "./matches-glob.ts";
import type { Overlays, PolicySetting, TenantSetting } from "./overlays.ts";
import type { PolicyLevel } from "./policy-level.ts";
import { type OverlayChoice, resolveOverlay } from "./resolve-overlay.ts";
import type { ResolvedOverlay } from "./resolved-overlay.ts";
import type { ConfigContent } from "./trusted-configs.ts";
import { withoutCredentials } from "./without-credentials.ts";

/** Valid overlays. They tell what they set for a capability. */
export class LoadedOverlays {
  /** Name in messages: the path of the file, or the option. */
  readonly name: string;
  readonly #overlays: Overlays;
  readonly #positions: SourcePositions;
  readonly #directory: string | undefined;
  /** File in which the overlays were found. Absent for a file that the user named, and for overlays of a program. */
  readonly found: FoundConfig | undefined;
  readonly #always: LoadedOverlays | undefined;

  /** @param always the configuration whose policy holds besides */
  constructor(
    { file, value }: Pick<Document, "value"> & { readonly file?: string | undefined },
    positions: SourcePositions,
    found: FoundConfig | undefined,
    always: LoadedOverlays | undefined,
  ) {
    this.name = subjectOf(file);
    this.found = found;
    this.#always = always;
    this.#overlays = value as Overlays;
    this.#positions = positions;
    this.#directory = file === undefined ? undefined : path.dirname(file);
  }

  /**
   * Returns the settings of the overlays for a capability.
   *
   * @returns `undefined` if no overlay matches
   * @throws CapabilityError `CONFIG_INVALID` for an unknown profile
   */
  for(choice: OverlayChoice): ResolvedOverlay | undefined {
    const { profile } = choice;
    if (profile !== undefined) this.requireProfile(profile);
    const resolved = resolveOverlay(this.#overlays, choice, this.#positions);
    if (resolved === undefined || this.#directory === undefined) return resolved;
    return { ...resolved, directory: this.#directory };
  }

  /**
   * Returns the policies of the configuration and of a profile, and those of the configuration that always holds. Each of
   * them holds.
   */
  policies(profile: string | undefined): PolicyLevel[] {
    const { policy, profiles = {} } = this.#overlays;
    const chosen = profile === undefined ? undefined : member(profiles, profile)?.policy;
    const below = profile === undefined ? "" : `/profiles/${pointerSegment(profile)}`;
    return [
      ...(this.#always?.policies(undefined) ?? []),
      ...(policy === undefined ? [] : [this.#level(policy, "/policy")]),
      ...(chosen === undefined ? [] : [this.#level(chosen, `${below}/policy`)]),
    ];
  }

  /** The customers of a server. `undefined`: it has none. */
  get tenants(): TenantSetting | undefined {
    return this.#overlays.tenants;
  }

  /** Folder of the file. `undefined`: a program gave the overlays. */
  get directory(): string | undefined {
    return this.#directory;
  }

  /**
   * Makes the error of a setting.
   *
   * @param pointer of its value
   */
  invalid(message: string, pointer: string): CapabilityError<"CONFIG_INVALID"> {
    const source = this.#positions.find(pointer);
    const finding: Diagnostic = { severity: "error", rule: "overlay", message, pointer, source };
    return findingsInvalid(`Cannot use ${this.name}`, [finding]);
  }

  /** Returns overlays that set nothing but the policy. `undefined` if there is none. */
  policyAlone(): LoadedOverlays | undefined {
    if (this.#overlays.policy === undefined) return undefined;
    return new LoadedOverlays({ file: this.name, value: {} }, this.#positions, undefined, this);
  }

  #level(policy: PolicySetting, pointer: string): PolicyLevel {
    return {
      policy,
      owner: path.basename(this.name),
      find: place => this.#positions.find(`${pointer}${place}`),
    };
  }

  /**
   * Tells why the overlays may neither run commands nor read files elsewhere: they were found, and their user has not
   * trusted them.
   *
   * @returns `undefined` for overlays that were named, given or trusted
   */
  async distrust(): Promise<Distrust | undefined> {
    if (this.found === undefined) return undefined;
    const { trustOf } = await import("./trusted-configs.ts");
    const { file, env } = this.found;
    const trust = trustOf(this.found, env);
    if (trust === "trusted") return undefined;
    const why = trust === "changed" ? "has changed since it was trusted" : "is not trusted";
    return { reason: `${file} ${why}`, remedy: { action: "trustConfig", file } };
  }

  /**
   * Lists the locations of all binds and certificates, of every capability and profile, each with the name or glob that
   * sets it.
   */
  *locations(): Generator<{ readonly capability: string; readonly location: string }> {
    const { capabilities, profiles = {} } = this.#overlays;
    for (const overlays of [capabilities, ...Object.values(profiles).map(profile => profile.capabilities)]) {
      for (const [capability, { binds = [], caFile }] of Object.entries(overlays ?? {})) {
        for (const { location } of binds) if (location !== undefined) yield { capability, location };
        if (caFile !== undefined) yield { capability, location: caFile };
      }
    }
  }

  /** Returns the rules that are switched off for a file, by its absolute path. */
  ignoredRules(file: string): string[] {
    const { ignore = [], files = {} } = this.#overlays.validate ?? {};
    const relative = path.relative(this.#directory ?? "", file).replaceAll(path.sep, "/");
    const matching = Object.entries(files).filter(([glob]) => matchesGlob(glob.replace(/^\.\//, ""), relative));
    return [...ignore, ...matching.flatMap(([, rules]) => rules)];
  }

  /**
   * Requires that every rule can be switched off.
   *
   * @param problemOf returns why one cannot
   * @throws CapabilityError `CONFIG_INVALID`
   */
  requireRules(problemOf: (rule: string) => string | undefined): void {
    const { ignore = [], files = {} } = this.#overlays.validate ?? {};
    const lists = [
      ["/validate/ignore", ignore] as const,
      ...Object.entries(files).map(([glob, rules]) => [`/validate/files/${pointerSegment(glob)}`, rules] as const),
    ];
    const findings = lists.flatMap(([list, rules]) =>
      rules.flatMap((rule, index): Diagnostic[] => {
        const message = problemOf(rule);
        if (message === undefined) return [];
        const pointer = `${list}/${index}`;
        return [{ severity: "error", rule: "overlay", message, pointer, source: this.#positions.find(pointer) }];
      }),
    );
    if (findings.length > 0) throw findingsInvalid(`Cannot use ${this.name}`, findings);
  }

  /**
   * Requires that the overlays have a profile.
   *
   * @throws CapabilityError `CONFIG_INVALID` for an unknown profile
   */
  requireProfile(profile: string): void {
    const names = Object.keys(this.#overlays.profiles ?? {});
    if (names.includes(profile)) return;
    const known = names.length === 0 ? "it has no profiles" : `its profiles are ${names.join(", ")}`;
    const hint = didYouMean(suggest(profile, names));
    throw configInvalid(
      `Cannot use profile ${JSON.stringify(profile)}: ${this.name} does not have it${hint} (${known})`,
    );
  }
}

/** Reason why a configuration is not trusted: a sentence that begins with its file. */
export interface Distrust {
  readonly reason: string;
  readonly remedy: Remedy;
}

/** Configuration that was found and not named: its content as read. Records tell whether it is trusted. */
interface FoundConfig extends ConfigContent {
  /** The environment of the process. */
  readonly env: Environment;
}

/**
 * Reads a configuration file that the user has named, and checks it against its schema.
 *
 * @param file absolute path
 * @param always the configuration whose policy holds besides
 * @throws CapabilityError `CONFIG_INVALID` with every problem and its place
 */
export async function readOverlays(file: string, always?: LoadedOverlays): Promise<LoadedOverlays> {
  return loadOverlays(await readConfigDocument(file), undefined, always);
}

/**
 * Reads a configuration file that was found.
 *
 * @param file absolute path
 * @param env the environment of the process
 * @param always the configuration whose policy holds besides
 * @throws CapabilityError `CONFIG_INVALID` as {@link readOverlays}, and for a file of another user
 */
export async function readFoundOverlays(
  file: string,
  env: FoundConfig["env"],
  always?: LoadedOverlays,
): Promise<LoadedOverlays> {
  const document = await readConfigDocument(file, stats => requireOwn(file, stats));
  // Trust is about the text that was read: the file is not read again.
  return loadOverlays(document, { file, text: document.text ?? "", env }, always);
}

/** Reads the document of a configuration. Errors about the whole file are worded as for capability files. */
async function readConfigDocument(file: string, accept?: (stats: Stats) => void): Promise<Document> {
  try {
    return await readDocument(file, accept);
  } catch (error) {
    if (isCapabilityError(error, "CAPABILITY_NOT_FOUND")) throw configInvalid(error.message);
    if (!isCapabilityError(error, "CAPABILITY_INVALID")) throw error;
    const { diagnostics, omitted } = error.details;
    if (diagnostics.some(({ rule }) => rule !== "yaml")) throw configInvalid(error.message);
    const findings = diagnostics.map(({ source, ...finding }) =>
      source === undefined ? finding : { ...finding, source: withoutSecrets(source, finding.pointer) },
    );
    throw findingsInvalid(`Cannot read ${file} as YAML`, findings, omitted);
  }
}

/**
 * Checks overlays that a program gives. They are copied, as the program may change its object.
 *
 * @throws CapabilityError `CONFIG_INVALID`
 * @throws TypeError for values that are not data
 */
export async function overlaysOf(value: unknown): Promise<LoadedOverlays> {
  let copy: unknown;
  try {
    copy = structuredClone(value);
  } catch (cause) {
    throw new TypeError(`overlays must be data: ${(cause as Error).message}`, { cause });
  }
  return loadOverlays(documentFromValue(copy));
}

async function loadOverlays(document: Document, found?: FoundConfig, always?: LoadedOverlays): Promise<LoadedOverlays> {
  // A file in which everything is commented out.
  const value = document.value ?? {};
  const positions = await positionsIn(document);
  if (validate(value)) return new LoadedOverlays({ ...document, value }, positions, found, always);
  const findings = describeSchemaErrors(value, validate.errors ?? []).map(finding => locate(finding, positions));
  throw findingsInvalid(`Cannot use ${subjectOf(document.file)}`, findings);
}

/** Finds places, with lines that show no credential. */
async function positionsIn(document: Document): Promise<SourcePositions> {
  const positions = await sourcePositions(document);
  return {
    find: (pointer, part) => withoutSecrets(positions.find(pointer, part), pointer),
  };
}

function withoutSecrets<Place extends SourceLocation | undefined>(source: Place, pointer: string): Place {
  return source === undefined ? source : { ...source, text: withoutCredentials(source.text, pointer) };
}

/** Adds the place of a finding of the schema. If a credential belongs there, the value found is left out. */
function locate({ diagnostic, isAboutKey }: SchemaFinding, positions: SourcePositions): Diagnostic {
  const { message, pointer } = diagnostic;
  const source = positions.find(pointer, isAboutKey ? "key" : "value");
  const isCredential = /\/authentication(?:\/[^/]*)?$/.test(pointer);
  return {
    ...diagnostic,
    message: isCredential ? message.replace(/(Expected [^,]*), found .*?(; YAML reads .*)?$/s, "$1$2") : message,
    source,
  };
}

function subjectOf(file: string | undefined): string {
  return file ?? "the option overlays";
}
