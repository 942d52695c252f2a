import { readFileSync } from "node:fs";
import path from "node:path";
import type { OpenOptions } from "../../engine/open-options.ts";
import { certificatesProblem } from "../../net/connect/certificates.ts";
import { hostPatternProblem } from "../../net/connect/egress/egress-policy.ts";
import type { RunArguments } from "./parse-run-arguments.ts";
import { usageError } from "./usage-error.ts";

/**
 * Checks where a command line lets requests go, and reads the certificates that it trusts.
 *
 * @throws CapabilityError `USAGE`
 */
export function connectionArguments(
  { open: { allowHosts = [] }, caCert }: Pick<RunArguments, "open" | "caCert">,
  cwd: string,
): Pick<OpenOptions, "certificateAuthority"> {
  for (const host of allowHosts) {
    const problem = hostPatternProblem(host);
    if (problem !== undefined) throw usageError(`Cannot use --allow-host ${JSON.stringify(host)}: ${problem}`);
  }
  return caCert === undefined ? {} : { certificateAuthority: readCertificates(path.resolve(cwd, caCert)) };
}

function readCertificates(file: string): string {
  let pem: string;
  try {
    pem = readFileSync(file, "utf8");
  } catch (error) {
    throw usageError(`Cannot use --ca-cert: ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const problem = certificatesProblem(pem);
  if (problem !== undefined) throw usageError(`Cannot use --ca-cert: ${file} ${problem}`);
  return pem;
}
