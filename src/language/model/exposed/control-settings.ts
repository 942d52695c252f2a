import type { Management, Observability, Scripting } from "../../document/document-types.ts";
import type { Template } from "../types.ts";
import type { ManagementSettings, ObservabilitySettings, ScriptingSettings } from "./types.ts";

/** Settings of scripts in a file without a control server. */
export const DEFAULT_SCRIPTING: ScriptingSettings = scriptingSettings({});

/** Fills in the defaults of `management` (language chapter 7.5). */
export function managementSettings(written: Management | undefined): ManagementSettings {
  const { health = true, info = false, reload = false, validate = false, logs = false, scripting } = written ?? {};
  return {
    health,
    info,
    reload,
    validate,
    logs: logsOf(logs),
    scripting: scripting === undefined ? undefined : scriptingSettings(scripting),
  };
}

/** `true` turns all of it on; an object turns the stream on only where it says so. */
function logsOf(written: NonNullable<Management["logs"]>): ManagementSettings["logs"] {
  if (written === false) return undefined;
  const {
    "level-control": levelControl,
    stream,
    "max-subscribers": maxSubscribers,
  } = written === true ? { stream: true } : written;
  return { levelControl: levelControl ?? true, stream: stream ?? false, maxSubscribers: maxSubscribers ?? 5 };
}

/** Fills in the defaults of `management.scripting`. */
function scriptingSettings(written: Scripting): ScriptingSettings {
  const { enabled, defaultLocation, defaultLanguage, timeout, statementLimit, allowedLanguages } = written;
  return {
    enabled,
    defaultLocation,
    defaultLanguage,
    timeoutMs: timeout ?? 60_000,
    statementLimit: statementLimit ?? 100_000,
    allowedLanguages,
  };
}

/**
 * Fills in the defaults of `observability`.
 *
 * @param compile compiles a text in which variables may stand
 */
export function observabilitySettings(
  written: Observability | undefined,
  compile: (text: string) => Template,
): ObservabilitySettings {
  const { enabled = true, metrics, traces, exporters } = written ?? {};
  const endpoint = exporters?.otlp?.endpoint;
  const keepsTraces = traces?.local?.enabled ?? true;
  return {
    enabled,
    metrics: metrics?.local?.enabled ?? true,
    sampling: traces?.sampling ?? 1,
    propagation: traces?.propagation ?? "w3c",
    traceBuffer: keepsTraces ? (traces?.local?.["buffer-size"] ?? 100) : undefined,
    otlpEndpoint: endpoint === undefined ? undefined : compile(endpoint),
  };
}
