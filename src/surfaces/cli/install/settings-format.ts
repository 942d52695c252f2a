import type { JsonObject } from "../../../base/json-object.ts";

/** A kind of settings file that is edited as text, so that comments and all other members stay as they are. */
export interface SettingsFormat {
  /**
   * Returns the servers of a file by their names.
   *
   * @throws SettingsProblem for a text that cannot be read
   */
  servers(text: string, member: string): JsonObject;
  /** Returns the text with the members of the entry of one server set; other members of the entry stay. */
  withServer(text: string, member: string, name: string, entry: JsonObject): string;
}

/** Something in a settings file that has to be mended by hand. */
export class SettingsProblem extends Error {
  override name = "SettingsProblem";
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(message: string, place?: { readonly line: number; readonly column: number }) {
    super(message);
    this.line = place?.line;
    this.column = place?.column;
  }
}
