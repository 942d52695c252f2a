import { existsSync } from "node:fs";
import path from "node:path";
import type { SecretMask } from "../../base/mask-secrets.ts";
import { createRecordingTransport } from "../../net/cassette/recording.ts";
import { createReplayTransport } from "../../net/cassette/replay.ts";
import type { Transport } from "../../net/transport.ts";
import type { CassetteArguments } from "./parse-run-arguments.ts";
import { usageError } from "./usage-error.ts";

/** Returns the transport of a call that is recorded, or answered from a recording. */
export function cassetteTransport(
  { mode, file, redact }: CassetteArguments,
  wire: Transport,
  secrets: SecretMask,
  cwd: string,
): Transport {
  const absolute = path.resolve(cwd, file);
  if (mode === "replay") {
    if (!existsSync(absolute)) throw usageError(`Cannot replay ${absolute}: there is no such file`);
    return createReplayTransport(absolute);
  }
  if (!existsSync(path.dirname(absolute))) throw usageError(`Cannot record to ${absolute}: there is no such folder`);
  const recording = createRecordingTransport({
    file: absolute,
    transport: wire,
    append: mode === "append",
    redact,
  });
  recording.redactWith?.(text => secrets.text(text));
  return recording;
}
