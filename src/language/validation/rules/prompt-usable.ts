import { didYouMean, suggest } from "../../../base/did-you-mean.ts";
import type { ExposesMcp, McpPrompt } from "../../document/document-types.ts";
import { promptGaps } from "../../document/prompt-gaps.ts";
import type { ExposedRule } from "../exposed-rule.ts";
import type { ReportFinding } from "../rule.ts";

/** Finds prompts of MCP servers that cannot be given as they are meant (language chapter 7.3). */
export const promptUsable: ExposedRule = {
  name: "prompt-usable",
  kinds: ["error", "warning"],
  explanation: "A prompt has both a template and a file, a name twice, or a gap that no argument fills.",
  fix: "Keep one of them; declare an argument of the name of each gap.",
  check({ adapters }, report) {
    for (const { declaration, pointer } of adapters)
      if (declaration.type === "mcp") checkPrompts(declaration, `${pointer}/prompts`, report);
  },
};

function checkPrompts({ prompts = [] }: ExposesMcp, pointer: string, report: ReportFinding): void {
  const seen = new Set<string>();
  for (const [index, prompt] of prompts.entries()) {
    const place = `${pointer}/${index}`;
    const title = `Prompt "${prompt.name}"`;
    if (seen.has(prompt.name)) report("warning", `${place}/name`, `${title} is there twice: the first one is meant`);
    seen.add(prompt.name);
    checkContent(prompt, title, place, report);
    checkArguments(prompt, title, place, report);
  }
}

function checkContent({ location, template }: McpPrompt, title: string, place: string, report: ReportFinding): void {
  if (location === undefined) return;
  if (template !== undefined) report("error", `${place}/template`, `${title} has "location" and "template": keep one`);
  if (!/^file:/i.test(location))
    report("error", `${place}/location`, `${title} has the location "${location}", which is no file: write file:///…`);
}

function checkArguments(prompt: McpPrompt, title: string, place: string, report: ReportFinding): void {
  const names = new Set<string>();
  for (const [index, { name }] of (prompt.arguments ?? []).entries()) {
    if (names.has(name))
      report("warning", `${place}/arguments/${index}/name`, `${title} has the argument "${name}" twice`);
    names.add(name);
  }
  for (const [index, { content }] of (prompt.template ?? []).entries()) {
    const open = promptGaps(content).find(name => !names.has(name));
    if (open === undefined) continue;
    const hint = didYouMean(suggest(open, names));
    report(
      "warning",
      `${place}/template/${index}/content`,
      `${title} has "{{${open}}}", and no argument of this name: it stays as it is${hint}`,
    );
  }
}
