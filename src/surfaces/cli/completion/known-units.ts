import { statSync } from "node:fs";
import { CapabilityError } from "../../../base/capability-error.ts";
import { SecretMask } from "../../../base/mask-secrets.ts";
import type { CatalogueInput } from "../../../catalogue/catalogue-file.ts";
import { openRuntime } from "../../../engine/open.ts";
import { addedUnits } from "../../../language/model/exposed/added-units.ts";
import type { UnitInput } from "../../../language/model/exposed/types.ts";
import type { Surroundings } from "./completion.ts";

/** Something exposed that does something else than the operation of its name. */
export interface KnownUnit {
  /** Names that mean it, the shortest first. */
  readonly names: readonly string[];
  readonly description: string;
  readonly inputs: readonly CatalogueInput[];
}

/** Larger files are published ones, which expose their operations as they are: opening them takes long. */
const LARGEST_FILE = 256 * 1024;

/** Reads what a file exposes. None of a file that does not open. */
export async function knownUnits(
  file: string,
  importRoots: readonly string[],
  { cwd }: Surroundings,
): Promise<KnownUnit[]> {
  try {
    if (statSync(file).size > LARGEST_FILE) return [];
    const runtime = await openRuntime(file, { env: {}, importRoots }, { cwd, secrets: new SecretMask() });
    const units = addedUnits(runtime.exposed, name => runtime.findCallable(name));
    return units.map(({ unit, name, route }) => ({
      names: [name, unit.reference, ...(route === undefined ? [] : [route])],
      description: unit.label || (unit.description ?? ""),
      inputs: [...unit.inputs.values()].filter(({ constant }) => constant === undefined).map(knownInput),
    }));
  } catch (error) {
    if (error instanceof CapabilityError) return [];
    throw error;
  }
}

function knownInput({ name, in: place, type, required, description = "", schemas }: UnitInput): CatalogueInput {
  const [values] = schemas.flatMap(schema =>
    typeof schema === "object" && Array.isArray(schema["enum"]) ? [schema["enum"] as unknown[]] : [],
  );
  const choices = values?.filter(value => typeof value !== "object").map(String);
  return {
    name,
    in: place ?? "",
    type,
    required,
    description,
    ...(choices === undefined ? {} : { enum: choices }),
  };
}
