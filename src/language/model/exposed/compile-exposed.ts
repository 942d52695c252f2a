import path from "node:path";
import { getOrSet } from "../../../base/get-or-set.ts";
import type {
  CapabilityDocument,
  ExposedOperation,
  ExposedResource,
  ExposesRest,
} from "../../document/document-types.ts";
import { aggregatesOf, exposedAdapters, inputsAt } from "../../document/exposed.ts";
import type { Kinds } from "../../document/kinds.ts";
import type { Origins } from "../../document/origins.ts";
import { ownNamespaces } from "../../document/own-namespaces.ts";
import type { UnitDeclaration } from "../../document/unit-declaration.ts";
import { BindScope } from "../bind-scope.ts";
import { compileTemplate } from "../compile-template.ts";
import type { CapabilityModel, Operation } from "../types.ts";
import { CallIndex } from "./call-index.ts";
import { closedInputs } from "./closed-inputs.ts";
import { compileMcp } from "./compile-mcp.ts";
import { compileSkills } from "./compile-skills.ts";
import { managementSettings, observabilitySettings } from "./control-settings.ts";
import { DeferredUnit } from "./deferred-unit.ts";
import { semanticHints } from "./hints.ts";
import { inboundAuthentication } from "./inbound-authentication.ts";
import { pathSegments } from "./path-segments.ts";
import type { ExposedAdapter, ExposedModel, Forward, RestOperation, RestResource, Unit } from "./types.ts";
import type { AdapterContext, UnitContext } from "./unit-context.ts";
import { UnitNumbers } from "./unit-numbers.ts";

interface ExposedContext {
  readonly kinds: Kinds;
  /** Places of the parts of the document. */
  readonly origins: Origins;
}

/**
 * Compiles what a valid document exposes. Units compile their parts on first use.
 *
 * @param document a document without errors of the rules
 * @param model its consumed part
 */
export function compileExposed(
  document: CapabilityDocument,
  model: CapabilityModel,
  { kinds, origins }: ExposedContext,
): ExposedModel {
  const overlaid = model.binds.filter(({ fromConfig }) => fromConfig);
  const functions = new Map<string, Unit>();
  const closed = new Map<Operation, ReadonlySet<string>>();
  const context: UnitContext = {
    closedInputs: operation => getOrSet(closed, operation, () => closedInputs(operation, kinds)),
    binds: new BindScope(document, origins, overlaid),
    calls: new CallIndex(model.operations),
    functions,
  };
  const folderOf = (part: object) => {
    const { file } = origins.documentOf(part);
    return file === undefined ? undefined : path.dirname(file);
  };
  for (const { declaration: aggregate, pointer } of aggregatesOf(document)) {
    const { namespace } = aggregate;
    const names = new UnitNumbers();
    for (const [index, declaration] of aggregate.functions.entries()) {
      const place = `${pointer}/functions/${index}`;
      const unit = new DeferredUnit(
        {
          kind: "function",
          namespace,
          name: declaration.name,
          declaration: declaration as UnitDeclaration,
          hints: semanticHints(declaration.semantics),
          pointer: place,
          declared: inputsAt(declaration.inputParameters, place),
          prefixes: new Set(ownNamespaces(aggregate)),
          operation: names.find(context, declaration),
          route: undefined,
          folder: folderOf(aggregate),
        },
        context,
      );
      if (!functions.has(unit.reference)) functions.set(unit.reference, unit);
    }
  }
  const adapters: ExposedAdapter[] = [];
  for (const { declaration, pointer } of exposedAdapters(document)) {
    const folder = folderOf(declaration);
    const shared = {
      address: declaration.address || undefined,
      description: declaration.description ?? undefined,
      authentication: inboundAuthentication(declaration.authentication, context.binds, `${pointer}/authentication`),
      pointer,
    };
    switch (declaration.type) {
      case "rest": {
        const { namespace, port } = declaration;
        const resources = compileResources(declaration, { ...context, folder, model }, pointer);
        adapters.push({ ...shared, type: "rest", namespace, port, resources });
        break;
      }
      case "mcp": {
        const { namespace, port, transport = "http" } = declaration;
        const parts = compileMcp(declaration, { ...context, folder }, pointer);
        adapters.push({ ...shared, type: "mcp", namespace, transport, port, ...parts });
        break;
      }
      case "skill": {
        const { namespace, port } = declaration;
        const skills = compileSkills(declaration, folder, pointer);
        adapters.push({ ...shared, type: "skill", namespace, port, skills });
        break;
      }
      case "control": {
        const compile = (text: string) => compileTemplate(text, { scope: context.binds });
        adapters.push({
          ...shared,
          type: "control",
          port: declaration.port,
          management: managementSettings(declaration.management),
          observability: observabilitySettings(declaration.observability, compile),
        });
      }
    }
  }
  return { adapters, functions };
}

function compileResources(
  adapter: ExposesRest,
  context: AdapterContext & { readonly model: CapabilityModel },
  pointer: string,
): RestResource[] {
  const { namespace, resources = [] } = adapter;
  const prefixes = new Set([...ownNamespaces(adapter), "rest"]);
  const numbers = new UnitNumbers();
  return resources.map((resource, index) => {
    const place = `${pointer}/resources/${index}`;
    const segments = pathSegments(resource.path.startsWith("/") ? resource.path : `/${resource.path}`);
    const placeholders = segments.flatMap(segment => (typeof segment === "object" ? [segment.placeholder] : []));
    const operations = (resource.operations ?? []).map((declaration, each): RestOperation => {
      const operationPlace = `${place}/operations/${each}`;
      const method = declaration.method ?? "GET";
      const target = declaration.ref === undefined ? undefined : context.functions.get(declaration.ref);
      const declared = [
        ...inputsAt(adapter.inputParameters, pointer),
        ...inputsAt(resource.inputParameters, place),
        ...inputsAt(declaration.inputParameters, operationPlace),
      ];
      const unit = new DeferredUnit(
        {
          kind: "operation",
          namespace,
          name: nameOf(declaration, resource, target),
          declaration: declaration as UnitDeclaration,
          hints: target?.hints ?? {},
          pointer: operationPlace,
          declared,
          prefixes,
          operation: numbers.find(context, declaration as UnitDeclaration, { method, path: resource.path }),
          route: { method, placeholders },
          folder: context.folder,
        },
        context,
      );
      return Object.assign(unit, { kind: "operation", method } as const);
    });
    return {
      name: resource.name ?? undefined,
      label: resource.label ?? undefined,
      description: resource.description ?? undefined,
      path: resource.path,
      segments,
      operations,
      forward: forwardOf(resource, context.model, place),
      pointer: place,
    };
  });
}

/** Returns the name of a REST operation. One without a name has that of its route. */
function nameOf(
  { name, method }: ExposedOperation,
  { path: route }: ExposedResource,
  target: Unit | undefined,
): string {
  return name || target?.name || `${method} ${route}`;
}

function forwardOf({ forward }: ExposedResource, { adapters }: CapabilityModel, pointer: string): Forward | undefined {
  const adapter = adapters.find(({ namespace }) => namespace === forward?.targetNamespace);
  if (forward === undefined || adapter === undefined) return undefined;
  const trustedHeaders = (forward.trustedHeaders ?? []).map(name => name.toLowerCase());
  return { adapter, trustedHeaders, pointer: `${pointer}/forward` };
}
