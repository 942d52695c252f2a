import { CapabilityError, type Diagnostic, isCapabilityError } from "../../base/capability-error.ts";
import { kinds } from "../../engine/kinds.ts";
import type { Runtime } from "../../engine/runtime.ts";
import { readDocument } from "../../language/document/read-document.ts";
import { resolveDocument } from "../../language/document/resolve-document.ts";
import { checkExposed } from "../../language/validation/check-exposed.ts";
import { locateDiagnostics, validate } from "../../language/validation/validate.ts";
import { httpStatusOf } from "../../serving/http-status.ts";
import { Refusal } from "../../serving/refusal.ts";
import type { Controlled, ControlRoute } from "./control-route.ts";
import { adapterEntries } from "./health.ts";
import { capabilityFacts } from "./status.ts";

export const configRoutes: readonly ControlRoute[] = [
  {
    path: "/config",
    isOn: ({ management }) => management.info,
    methods: { GET: controlled => ({ status: 200, value: controlled.runtime.secrets.value(configOf(controlled)) }) },
  },
  {
    path: "/config/reload",
    isOn: ({ management }) => management.reload,
    methods: {
      POST: async (controlled, found) => {
        const { service, runtime } = controlled;
        const logger = service.log.logger("control");
        try {
          await service.reload();
        } catch (error) {
          if (!(error instanceof CapabilityError)) throw error;
          logger.warn(`reload: ${error.message}`);
          throw new Refusal(unreloadedStatus(error), runtime.secrets.text(error.message), {}, { code: error.code });
        }
        logger.info("reload: done");
        return { status: 200, value: { status: "RELOADED", adapters: adapterEntries(controlled, found) } };
      },
    },
  },
  {
    path: "/config/validate",
    isOn: ({ management }) => management.validate,
    methods: {
      POST: async ({ runtime }) => {
        const diagnostics = await findingsOf(runtime);
        const isValid = diagnostics.every(({ severity }) => severity !== "error");
        return { status: 200, value: runtime.secrets.value({ valid: isValid, diagnostics }) };
      },
    },
  },
];

/**
 * Shows how the capability was set up: names, numbers and switches. Values of variables, credentials and URLs, which may
 * hold them, are left out.
 */
function configOf({ adapter, runtime, loadedAt }: Controlled) {
  const { management, observability } = adapter;
  const { logs, scripting, ...switches } = management;
  const { otlpEndpoint, traceBuffer, ...observed } = observability;
  const { file } = runtime.document.source;
  return {
    capability: capabilityFacts(runtime),
    ...(file === undefined ? {} : { file }),
    loadedAt,
    consumes: runtime.model.adapters.map(({ namespace }) => ({ namespace })),
    exposes: runtime.exposed.adapters.map(({ type, authentication, ...exposed }) => ({
      type,
      ...("namespace" in exposed ? { namespace: exposed.namespace } : {}),
      authentication: authentication?.type ?? "none",
    })),
    management: { ...switches, logs: logs !== undefined, scripting: scripting !== undefined },
    observability: { ...observed, traces: traceBuffer !== undefined, otlp: otlpEndpoint !== undefined },
  };
}

/** A file that is not valid is no fault of the server. */
function unreloadedStatus(error: CapabilityError): number {
  const isFile = isCapabilityError(error, "CAPABILITY_INVALID") || isCapabilityError(error, "CAPABILITY_NOT_FOUND");
  return isFile ? 422 : httpStatusOf(error);
}

/** Checks the file as it is now. */
async function findingsOf({ document, opening }: Runtime): Promise<readonly Diagnostic[]> {
  const { file } = document.source;
  if (file === undefined) throw new Refusal(409, "The capability was not read from a file");
  try {
    const resolved = await resolveDocument(await readDocument(file), opening.settings);
    const result = await validate(resolved, kinds);
    const exposed = result.ok ? checkExposed(result.document) : [];
    return await locateDiagnostics(resolved, [...result.diagnostics, ...exposed]);
  } catch (error) {
    if (isCapabilityError(error, "CAPABILITY_INVALID")) return error.details.diagnostics;
    if (!(error instanceof CapabilityError)) throw error;
    return [{ severity: "error", rule: "document", message: error.message, pointer: "" }];
  }
}
