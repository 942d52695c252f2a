import type { Environment } from "../../../base/environment.ts";
import type { JsonObject } from "../../../base/json-object.ts";

/** A program that starts MCP servers, and the file that tells it which. */
export interface Client {
  /** Name for people. */
  readonly title: string;
  /** The file of the user that lists its servers. */
  readonly file: (user: UserFolders) => string;
  readonly format: "json" | "toml";
  /** Member of the file that holds the servers by name. */
  readonly member: string;
  /** Members of the entry of a server. */
  readonly entry: (launch: Launch) => JsonObject;
  /**
   * Whether the server gets variables of the client's own environment: by a reference in the entry, or all of them.
   * Without it a value has to come from a file.
   */
  readonly givesVariables: boolean;
  /** How the client comes to know of a server. */
  readonly afterwards: string;
}

/** How a server is started. */
export interface Launch {
  /** Absolute path: programs with a window have another `PATH` than the shell. */
  readonly command: string;
  readonly args: readonly string[];
  /** Names of the variables that it reads. */
  readonly variables: readonly string[];
}

/** Folders of a user, where programs keep their settings. */
export interface UserFolders {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Environment;
}
