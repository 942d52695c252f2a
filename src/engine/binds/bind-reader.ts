import type { Environment } from "../../base/environment.ts";
import type { BindVariable } from "../../language/document/declared-binds.ts";
import type { LoadedOverlays } from "../../language/overlays/load-overlays.ts";

/** A variable with a location. */
export type LocatedVariable = BindVariable & {
  readonly location: string;
  /** The location as it is declared, with `{tenant}` where the tenant is put. */
  readonly declared: string;
};

/** The surroundings of a location. */
export interface BindSurroundings {
  /** The environment of the process. It names stores and their credentials, and commands get it. */
  readonly env: Environment;
  /** The folder in which a relative file is looked for if it is not beside the file that declares it. */
  readonly cwd: string;
  /** Folders that files of values may be in, besides the declaring file's and the working one. */
  readonly fileRoots: readonly string[];
  /** Whether the credential of a store may go over plain `http` to another host than this one. */
  readonly allowPlainHttp: boolean;
  /** The configuration of the binds `fromConfig`. A configuration that was found is distrusted until its user trusts it. */
  readonly config?: Pick<LoadedOverlays, "distrust"> | undefined;
  /** The tenant that values are for. `undefined`: they are for all callers. */
  readonly tenant: string | undefined;
  /** How old a value may be that was read for somebody else, in milliseconds. `undefined`: as old as the process. */
  readonly maxAgeMs: number | undefined;
}

/**
 * Reads one variable at its location.
 *
 * @throws Error with the reason, which contains no secret
 */
export type BindReader = (
  variable: LocatedVariable,
  surroundings: BindSurroundings,
  signal: AbortSignal,
) => Promise<string | undefined>;
