import type { RawFormat } from "./raw-format.ts";

/** The first document of YAML 1.2 (core schema), read by `yaml` (language chapter 5.8). */
export const yaml: RawFormat = {
  accept: "application/yaml, text/yaml",
  threadBytes: 64 * 1024,
  async prepare() {
    const { decodeYaml } = await import("./yaml-reader.ts");
    return decodeYaml;
  },
};
