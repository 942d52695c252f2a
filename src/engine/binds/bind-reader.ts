import type { BindVariable } from "../../language/document/declared-binds.ts";
import type { LoadedOverlays } from "../../language/overlays/load-overlays.ts";

/** A variable that its bind does not look up in the environment. */
export type LocatedVariable = BindVariable & { readonly location: string };

/** What reading a location takes from outside. */
export interface BindSurroundings {
  /** The environment of the process: it names stores and their credentials, and commands get it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where a relative file is looked for when it does not stand beside the file that declares it. */
  readonly cwd: string;
  /** Folders that files of values may be in, besides the declaring file's and the working one. */
  readonly fileRoots: readonly string[];
  /** Whether the credential of a store may go over plain `http` to another host than this one. */
  readonly allowPlainHttp: boolean;
  /** What binds `fromConfig` stand in: a file that was found is distrusted until its user says otherwise. */
  readonly config?: Pick<LoadedOverlays, "distrust"> | undefined;
}

/**
 * Reads one variable at its location.
 *
 * @throws Error whose message tells why it cannot be read, and holds no secret
 */
export type BindReader = (
  variable: LocatedVariable,
  surroundings: BindSurroundings,
  signal: AbortSignal,
) => Promise<string | undefined>;
