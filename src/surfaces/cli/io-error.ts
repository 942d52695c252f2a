import { CapabilityError } from "../../base/capability-error.ts";
import { ioReason } from "../../base/io-reason.ts";

/** Verbs for the calls of the system that name themselves in other words. */
const VERBS: Readonly<Record<string, string>> = {
  mkdir: "make the folder",
  scandir: "read the folder",
  lstat: "look at",
  stat: "look at",
  fstat: "look at",
  access: "reach",
  rename: "rename",
  unlink: "remove",
  fsync: "write",
};

/** @param what what could not be done: "write to standard output" */
export function ioError(what: string, error: unknown): CapabilityError<"IO_FAILED"> {
  const { code, path } = error as NodeJS.ErrnoException;
  return new CapabilityError("IO_FAILED", {
    message: `Cannot ${what}: ${ioReason(error)}`,
    details: { reason: code ?? "unknown", ...(path === undefined ? {} : { path }) },
    cause: error,
  });
}

/**
 * Returns a thrown value, with an unforeseen failure of the system turned into an error that does not blame this
 * program.
 */
export function asIoError(thrown: unknown): unknown {
  if (thrown instanceof CapabilityError || !(thrown instanceof Error)) return thrown;
  const { syscall, errno, path } = thrown as NodeJS.ErrnoException;
  if (syscall === undefined || typeof errno !== "number") return thrown;
  if (syscall === "uv_cwd") return workingFolderError(thrown);
  const verb = VERBS[syscall] ?? syscall;
  return ioError(path === undefined ? `${verb} a file` : `${verb} ${path}`, thrown);
}

function workingFolderError(cause: unknown): CapabilityError<"IO_FAILED"> {
  const { code = "ENOENT" } = cause as NodeJS.ErrnoException;
  return new CapabilityError("IO_FAILED", {
    message: `Cannot find the working folder: it was removed, or may not be read (${code}): go to another one`,
    details: { reason: code },
    cause,
  });
}
