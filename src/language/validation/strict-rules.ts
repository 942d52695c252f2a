import type { Rule } from "./rule.ts";
import { rules } from "./rules.ts";

/** Rules that refuse files. The others would look into every schema, for warnings alone. */
export const strictRules: readonly Rule[] = rules.filter(rule => rule.kinds.includes("error"));
