import type { Diagnostic } from "../../../base/capability-error.ts";
import { didYouMean, suggest } from "../../../base/did-you-mean.ts";
import type { BindVariable } from "../../document/declared-binds.ts";
import type { ConsumesHttp } from "../../document/document-types.ts";
import type { Kinds } from "../../document/kinds.ts";
import { baseUriProblem, shownBaseUri } from "../../expression/base-uri.ts";
import { parseTemplate } from "../../expression/template.ts";
import { isTransportHeader } from "../../expression/transport-header.ts";
import { emptyOperationSettings, mergeCallSettings } from "../../overlays/merge-settings.ts";
import type { AuthenticationOverlay } from "../../overlays/overlays.ts";
import type {
  CallSettings,
  OperationSettings,
  ResolvedOverlay,
  SendingSettings,
  Setting,
} from "../../overlays/resolved-overlay.ts";
import { SENDING_NAMES } from "../../overlays/sending-settings.ts";
import { authenticationUsable } from "../../validation/rules/authentication-usable.ts";
import type { AppliedOverlay } from "../applied-overlay.ts";
import type { BindScope } from "../bind-scope.ts";
import { compileAuthentication, isVariable, refersTo } from "../compile-authentication.ts";
import type { DeferredOperation, OperationDetails } from "../deferred-operation.ts";
import type { Authentication, InputDefault, PlacedParameter } from "../types.ts";
import { checkPagination } from "./check-pagination.ts";
import { compileDefault, layDefaults } from "./default-inputs.ts";
import { noInput, OverlayFindings } from "./findings.ts";
import { compileHeader, layHeaders } from "./overlay-headers.ts";
import { assignAliases, settingsByOperation } from "./overlay-operations.ts";
import { layOutputs } from "./overlay-outputs.ts";
import { checkReferences, checkTexts } from "./overlay-texts.ts";

/** Compiler of one overlay for one capability. It also finds the settings that do not fit. */
export class OverlayCompiler implements AppliedOverlay {
  readonly binds: readonly BindVariable[];
  readonly #overlay: ResolvedOverlay;
  readonly #findings = new OverlayFindings();
  readonly #baseUris = new Map<string, Setting<string>>();
  readonly #kinds: Kinds;
  readonly #authentication = new Map<string, Authentication | "none">();
  /** Compiled headers, each once for many operations. */
  readonly #headers = new Map<unknown, PlacedParameter | undefined>();
  readonly #defaults = new Map<unknown, InputDefault | undefined>();
  #settings: ReadonlyMap<DeferredOperation, OperationSettings> = new Map();

  constructor(overlay: ResolvedOverlay, kinds: Kinds) {
    this.#overlay = overlay;
    this.#kinds = kinds;
    this.binds = overlayBinds(overlay);
  }

  /** Returns the findings, which are complete when the capability is compiled. */
  get findings(): readonly Diagnostic[] {
    return this.#findings.list;
  }

  begin(scope: BindScope, namespaces: readonly string[]): void {
    for (const [namespace, setting] of this.#forKnown(this.#overlay.baseUris, namespaces)) {
      if (this.#isBaseUri(setting)) this.#baseUris.set(namespace, setting);
    }
    for (const [namespace, setting] of this.#forKnown(this.#overlay.authentication, namespaces)) {
      const authentication = this.#compileAuthentication(setting, scope);
      if (authentication !== undefined) this.#authentication.set(namespace, authentication);
    }
    for (const settings of this.#callSettings()) {
      this.#checkKeyHeader(settings.idempotencyKey);
      for (const setting of settings.headers.values()) {
        this.#headers.set(setting, compileHeader(setting, { scope, findings: this.#findings }));
      }
      for (const setting of settings.inputs.values()) {
        this.#defaults.set(setting, compileDefault(setting, { scope, findings: this.#findings }));
      }
    }
  }

  baseUri(namespace: string): Setting<string> | undefined {
    return this.#baseUris.get(namespace) ?? this.#baseUris.get("*");
  }

  authentication(namespace: string): Authentication | "none" | undefined {
    return this.#authentication.get(namespace) ?? this.#authentication.get("*");
  }

  refersTo(variable: BindVariable, scope: BindScope): boolean {
    const values = [
      ...this.#overlay.baseUris.values(),
      ...this.#overlay.authentication.values(),
      ...this.#callSettings().flatMap(({ headers, inputs }) => [...headers.values(), ...inputs.values()]),
    ].map(({ value }) => value);
    return refersTo(values, scope, reference => isVariable(reference, variable));
  }

  nameOperations(capability: string, operations: readonly DeferredOperation[]): void {
    const settings = settingsByOperation(this.#overlay, { name: capability, operations }, this.#findings);
    this.#settings = settings;
    const aliases = new Map([...settings].map(([operation, own]) => [operation, own.aliases]));
    assignAliases(aliases, operations, this.#findings);
    for (const operation of operations) {
      const own = settings.get(operation);
      operation.sending = sendingOf(this.#overlay, own);
      operation.pagination = own?.pagination;
    }
    this.#findUnknownInputs(operations);
    for (const [operation, { pagination }] of settings)
      if (pagination !== undefined) checkPagination(pagination, operation, this.#findings);
  }

  refine(operation: DeferredOperation, details: OperationDetails): OperationDetails {
    const own = this.#settings.get(operation) ?? emptyOperationSettings;
    const { headers, inputs } = mergeCallSettings(this.#overlay, own);
    const laid = layHeaders(compiled(headers, this.#headers), details);
    return {
      ...details,
      parameters: laid.parameters,
      inputs: layDefaults(compiled(inputs, this.#defaults), laid.inputs),
      outputs: layOutputs(own, details.outputs, operation, this.#findings),
    };
  }

  /** Returns the settings for namespaces of the capability, and reports the others. */
  #forKnown<Value>(
    settings: ReadonlyMap<string, Setting<Value>>,
    namespaces: readonly string[],
  ): (readonly [string, Setting<Value>])[] {
    return [...settings].filter(([namespace, { origin }]) => {
      if (namespace === "*" || namespaces.includes(namespace)) return true;
      const hint = didYouMean(suggest(namespace, namespaces));
      this.#findings.unknown(
        origin,
        `${origin.setting}: the capability consumes ${namespaces.join(", ") || "nothing"}, not ${JSON.stringify(namespace)}${hint}`,
      );
      return false;
    });
  }

  #isBaseUri({ value, origin }: Setting<string>): boolean {
    const parsed = parseTemplate(value, "path");
    if (!parsed.ok) {
      this.#findings.malformed(origin, `${origin.setting}: ${parsed.reason}`);
      return false;
    }
    // A text with placeholders is checked again when they are filled.
    const isConstant = parsed.parts.every(part => typeof part === "string");
    const problem = isConstant ? baseUriProblem(value.trim()) : undefined;
    if (problem === undefined) return true;
    const shown = JSON.stringify(shownBaseUri(value));
    this.#findings.malformed(origin, `${origin.setting}: the base URI ${shown} ${problem}`);
    return false;
  }

  #checkKeyHeader(setting: CallSettings["idempotencyKey"]): void {
    if (typeof setting?.value !== "string" || !isTransportHeader(setting.value.toLowerCase())) return;
    const { origin, value } = setting;
    this.#findings.malformed(
      origin,
      `${origin.setting}: ${JSON.stringify(value)} is a header that only the transport may write`,
    );
  }

  #compileAuthentication(
    { value, origin }: Setting<AuthenticationOverlay>,
    scope: BindScope,
  ): Authentication | "none" | undefined {
    if (value === "none") return value;
    const report = (_severity: string, _pointer: string, message: string) => this.#findings.malformed(origin, message);
    authenticationUsable.adapter?.({ authentication: value } as ConsumesHttp, "", report, this.#kinds);
    if (!checkTexts(value, origin, { scope, findings: this.#findings })) return undefined;
    checkReferences(value, origin, { scope, findings: this.#findings });
    const authentication = compileAuthentication(value, { scope, bareNames: true }, origin.pointer);
    return authentication === undefined ? undefined : { ...authentication, origin };
  }

  /** Returns the settings for all operations, and those for each named operation. */
  #callSettings(): CallSettings[] {
    return [this.#overlay, ...this.#overlay.operations.map(({ settings }) => settings)];
  }

  /**
   * Reports the defaults of inputs that no operation has, or not the one they are for. Compiles no more than that
   * needs.
   */
  #findUnknownInputs(operations: readonly DeferredOperation[]): void {
    for (const [operation, { inputs }] of this.#settings) {
      // Compiling finds mistakes in outputs too.
      operation.compile();
      for (const [name, { origin }] of inputs)
        if (!operation.inputs.has(name)) this.#findings.unknown(origin, noInput(operation, name));
    }
    for (const [name, { origin }] of this.#overlay.inputs) {
      if (operations.some(operation => operation.compile().inputs.has(name))) continue;
      const known = operations.flatMap(operation => [...operation.compile().inputs.keys()]);
      const hint = didYouMean(suggest(name, known));
      this.#findings.unknown(origin, `No operation has an input ${JSON.stringify(name)}${hint}`);
    }
  }
}

/** Returns the settings for sending: those of the operation, else of the capability. */
function sendingOf(overlay: ResolvedOverlay, own: OperationSettings | undefined): SendingSettings {
  const layers: SendingSettings = { ...overlay, ...own };
  const set = SENDING_NAMES.flatMap(name => (layers[name] === undefined ? [] : [[name, layers[name]]]));
  // `Object.fromEntries` loses the type of each name.
  return Object.fromEntries(set) as SendingSettings;
}

function compiled<Value>(
  settings: ReadonlyMap<string, unknown>,
  values: ReadonlyMap<unknown, Value | undefined>,
): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>();
  for (const [name, setting] of settings) {
    const value = values.get(setting);
    if (value !== undefined) found.set(name, value);
  }
  return found;
}

/** Returns the variables that an overlay declares, the strongest first. */
function overlayBinds({ binds, directory }: ResolvedOverlay): BindVariable[] {
  return binds.map(({ value, origin: { pointer, source } }) => ({
    ...value,
    directory,
    fromConfig: true,
    pointer,
    source,
  }));
}
