import { readFileSync } from "node:fs";
import path from "node:path";
import type { OpenOptions } from "../../engine/open-options.ts";
import { certificatesProblem } from "../../net/connect/certificates.ts";
import { hostPatternProblem } from "../../net/connect/egress/egress-policy.ts";
import type { RunArguments } from "./parse-run-arguments.ts";
import { usageError } from "./usage-error.ts";

/**
 * What a command line says of where requests go, and how they get there.
 *
 * @throws CapabilityError `USAGE`
 */
export function connectionArguments(
  { allowHosts, egress, caCert }: Pick<RunArguments, "allowHosts" | "egress" | "caCert">,
  cwd: string,
): Pick<OpenOptions, "allowHosts" | "egress" | "certificateAuthority"> {
  for (const host of allowHosts ?? []) {
    const problem = hostPatternProblem(host);
    if (problem !== undefined)
      throw usageError(`Cannot use --allow-host ${JSON.stringify(host)}: ${problem}`);
  }
  return {
    ...(allowHosts === undefined ? {} : { allowHosts }),
    ...(egress === undefined ? {} : { egress }),
    ...(caCert === undefined ? {} : { certificateAuthority: readCertificates(path.resolve(cwd, caCert)) }),
  };
}

function readCertificates(file: string): string {
  let pem: string;
  try {
    pem = readFileSync(file, "utf8");
  } catch (error) {
    throw usageError(
      `Cannot use --ca-cert: ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`,
    );
  }
  const problem = certificatesProblem(pem);
  if (problem !== undefined) throw usageError(`Cannot use --ca-cert: ${file} ${problem}`);
  return pem;
}
