import type { SourceLocation } from "../../base/source-location.ts";
import type { PolicySetting } from "../../language/overlays/overlays.ts";
import type { PolicyLevel } from "../../language/overlays/policy-level.ts";
import { compilePattern, type PolicyTarget } from "./operation-pattern.ts";

/** What may be called: every level has to allow it. */
export class Policy {
  readonly #levels: readonly CompiledLevel[];

  constructor(levels: readonly PolicyLevel[]) {
    this.#levels = levels.map(compileLevel);
  }

  /**
   * Tells why something may not be called.
   *
   * @param called the operations that it calls: itself, if it is one
   * @param exposed present for something that is exposed: it may be allowed or denied by its own names too
   * @param meant others that it may come to: it is denied if one of them is, and not allowed by them
   */
  refusalOf(
    called: readonly PolicyTarget[],
    exposed?: PolicyTarget,
    meant: readonly PolicyTarget[] = [],
  ): PolicyRefusal | undefined {
    for (const level of this.#levels) {
      const broken = brokenRule(level, called, exposed, meant);
      if (broken === undefined) continue;
      const { rule, reason, place } = broken;
      return { rule, reason: `the policy of ${level.owner} ${reason}`, source: level.find(place) };
    }
    return undefined;
  }

  /** Returns the rule by which a person has to confirm a call. */
  confirmationOf(called: readonly PolicyTarget[], isDestructive: boolean): ConfirmRule | undefined {
    for (const { owner, confirm, find } of this.#levels) {
      if (confirm === undefined) continue;
      const isAsked = (target: PolicyTarget) => (confirm === "writes" ? !isRead(target) : target.method === "DELETE");
      const asked = called.filter(isAsked);
      if (asked.length === 0 && !isDestructive) continue;
      return { owner, mode: confirm, asked: asked.length === 0 ? called : asked, source: find("/confirm") };
    }
    return undefined;
  }
}

/** The reason why something may not be called. */
export interface PolicyRefusal {
  /** `deny "DELETE *"`, `readOnly` */
  readonly rule: string;
  /** Ends a sentence: `the policy of naftiko.config.yaml denies "DELETE *"`. */
  readonly reason: string;
  /** Place of the rule, if a file has it. */
  readonly source: SourceLocation | undefined;
}

/** A rule by which calls are confirmed. */
export interface ConfirmRule {
  readonly owner: string;
  readonly mode: NonNullable<PolicySetting["confirm"]>;
  /** The operations that it is about. */
  readonly asked: readonly PolicyTarget[];
  readonly source: SourceLocation | undefined;
}

interface CompiledLevel extends Pick<PolicyLevel, "owner" | "find"> {
  readonly deny: readonly CompiledPattern[];
  /** `undefined`: all are allowed. */
  readonly allow: readonly CompiledPattern[] | undefined;
  readonly readOnly: boolean;
  readonly toolset: readonly string[] | undefined;
  readonly confirm: PolicySetting["confirm"];
}

interface CompiledPattern {
  readonly text: string;
  readonly matches: (target: PolicyTarget) => boolean;
}

function compileLevel({ policy, owner, find }: PolicyLevel): CompiledLevel {
  const { allow, deny = [], readOnly = false, toolset, confirm } = policy;
  const compiled = (text: string) => ({ text, matches: compilePattern(text) });
  return {
    ...{ owner, find, readOnly, confirm },
    deny: deny.map(compiled),
    allow: allow?.map(compiled),
    toolset: toolset?.map(tag => tag.toLowerCase()),
  };
}

interface BrokenRule {
  readonly rule: string;
  readonly reason: string;
  /** Pointer in the policy. */
  readonly place: string;
}

/** Returns the first rule of a level that refuses something: read-only is above all. */
function brokenRule(
  { deny, allow, readOnly, toolset }: CompiledLevel,
  called: readonly PolicyTarget[],
  exposed: PolicyTarget | undefined,
  meant: readonly PolicyTarget[],
): BrokenRule | undefined {
  const writing = readOnly ? called.find(target => !isRead(target)) : undefined;
  if (writing !== undefined)
    return { rule: "readOnly", reason: `is read-only, and this sends ${writing.method}`, place: "/readOnly" };
  const all = [...(exposed === undefined ? [] : [exposed]), ...called, ...meant];
  const denying = deny.findIndex(({ matches }) => all.some(matches));
  if (denying >= 0) {
    const pattern = JSON.stringify(deny[denying]?.text);
    return { rule: `deny ${pattern}`, reason: `denies ${pattern}`, place: `/deny/${denying}` };
  }
  // What is exposed may be called for itself, or for all that it calls.
  const holds = (test: (target: PolicyTarget) => boolean) =>
    (exposed !== undefined && test(exposed)) || (called.length > 0 && called.every(test));
  if (allow !== undefined && !holds(target => allow.some(({ matches }) => matches(target)))) {
    const patterns = allow.map(({ text }) => text);
    const reason = patterns.length === 0 ? "allows nothing" : `allows only ${listed(patterns)}`;
    return { rule: "allow", reason, place: "/allow" };
  }
  if (toolset === undefined || holds(({ tags }) => tags.some(tag => toolset.includes(tag.toLowerCase()))))
    return undefined;
  const reason = toolset.length === 0 ? "offers nothing" : `offers only what has the tag ${listed(toolset)}`;
  return { rule: "toolset", reason, place: "/toolset" };
}

/** Patterns that a message lists. */
const MOST_LISTED = 5;

function listed(texts: readonly string[]): string {
  const quoted = texts.slice(0, MOST_LISTED).map(text => JSON.stringify(text));
  const others = texts.length - quoted.length;
  return others > 0 ? `${quoted.join(", ")} and ${others} more` : quoted.join(", ");
}

/** Tells whether an operation only reads: its method decides, whatever it does. */
function isRead({ method }: PolicyTarget): boolean {
  return method === "GET" || method === "HEAD";
}
