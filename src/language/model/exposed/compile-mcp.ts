import type { ExposesMcp, McpPrompt } from "../../document/document-types.ts";
import { inputsAt } from "../../document/exposed.ts";
import { mcpPrefixes } from "../../document/own-namespaces.ts";
import type { UnitDeclaration } from "../../document/unit-declaration.ts";
import { DeferredUnit } from "./deferred-unit.ts";
import { withHints } from "./hints.ts";
import { pathSegments } from "./path-segments.ts";
import type { McpAdapter, McpResource, Prompt, Unit } from "./types.ts";
import type { AdapterContext } from "./unit-context.ts";
import { UnitNumbers } from "./unit-numbers.ts";

/** Compiles what an MCP server offers (language chapter 7.3). */
export function compileMcp(
  adapter: ExposesMcp,
  context: AdapterContext,
  pointer: string,
): Pick<McpAdapter, "tools" | "resources" | "prompts"> {
  const prompts = (adapter.prompts ?? []).map((declaration, index) =>
    compilePrompt(declaration, context.folder, `${pointer}/prompts/${index}`),
  );
  return {
    tools: compileTools(adapter, context, pointer),
    resources: compileResources(adapter, context, pointer),
    prompts,
  };
}

function compileTools(adapter: ExposesMcp, context: AdapterContext, pointer: string): Unit[] {
  const { namespace, tools = [] } = adapter;
  const prefixes = mcpPrefixes(adapter);
  const numbers = new UnitNumbers();
  return tools.map((declaration, index) => {
    const place = `${pointer}/tools/${index}`;
    const target = declaration.ref === undefined ? undefined : context.functions.get(declaration.ref);
    return new DeferredUnit(
      {
        kind: "tool",
        namespace,
        name: declaration.name ?? target?.name ?? "",
        declaration: declaration as UnitDeclaration,
        hints: withHints(target?.hints ?? {}, declaration.hints),
        pointer: place,
        declared: inputsAt(declaration.inputParameters, place),
        prefixes,
        operation: numbers.find(context, declaration as UnitDeclaration),
        route: undefined,
        folder: context.folder,
      },
      context,
    );
  });
}

function compileResources(adapter: ExposesMcp, context: AdapterContext, pointer: string): McpResource[] {
  const { namespace, resources = [] } = adapter;
  const prefixes = mcpPrefixes(adapter);
  const numbers = new UnitNumbers();
  return resources.map((declaration, index) => {
    const place = `${pointer}/resources/${index}`;
    const { name, uri, label, description, mimeType, location } = declaration;
    const segments = location === undefined ? pathSegments(uri) : [uri];
    const placeholders = segments.flatMap(segment => (typeof segment === "object" ? [segment.placeholder] : []));
    const unit = () =>
      new DeferredUnit(
        {
          kind: "resource",
          namespace,
          name,
          declaration: declaration as UnitDeclaration,
          hints: {},
          pointer: place,
          declared: [...new Set(placeholders)].map(name => ({ declaration: { name, required: true }, pointer: place })),
          prefixes,
          operation: numbers.find(context, declaration as UnitDeclaration),
          route: undefined,
          folder: context.folder,
        },
        context,
      );
    return {
      name,
      label: label ?? undefined,
      description: description ?? undefined,
      uri,
      segments,
      mimeType: mimeType ?? undefined,
      content:
        location === undefined
          ? { kind: "unit", unit: unit() }
          : { kind: "folder", location, directory: context.folder },
      pointer: place,
    };
  });
}

function compilePrompt(declaration: McpPrompt, directory: string | undefined, pointer: string): Prompt {
  const { name, label, description, location, template = [] } = declaration;
  return {
    name,
    label: label ?? undefined,
    description: description ?? undefined,
    arguments: (declaration.arguments ?? []).map(argument => ({
      name: argument.name,
      label: argument.label ?? undefined,
      description: argument.description ?? undefined,
      required: argument.required ?? true,
    })),
    content: location === undefined ? { kind: "messages", messages: template } : { kind: "file", location, directory },
    pointer,
  };
}
