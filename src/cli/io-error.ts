import { CapabilityError } from "../error/capability-error.ts";

/** What the system's codes mean, and what helps. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left on the device (ENOSPC): free some, or write elsewhere",
  EDQUOT: "the quota of the disk is used up (EDQUOT): free some space, or write elsewhere",
  EFBIG: "the file would be larger than is allowed (EFBIG): raise the limit, or write elsewhere",
  EROFS: "the file system is read-only (EROFS): write elsewhere",
  EACCES: "permission is denied (EACCES): change the permissions, or take another place",
  EPERM: "the operation is not permitted (EPERM): change the permissions, or take another place",
  EIO: "the device fails (EIO): take another one",
  EPIPE: "its reader has closed the pipe (EPIPE): let it read to the end",
  EMFILE: "this process has too many open files (EMFILE): raise the limit of open files",
  ENFILE: "this computer has too many open files (ENFILE): close some",
  EISDIR: "it is a folder (EISDIR): name a file",
  ENOTDIR: "a part of the path is no folder (ENOTDIR): name another place",
  ENOENT: "there is no such file or folder (ENOENT): make it, or name another one",
  EBADF: "it is closed (EBADF): leave it open",
};

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

/** Why a call of the system failed and what helps, in the words of the table or its own. */
export function ioReason(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return Object.hasOwn(REASONS, code) ? (REASONS[code] ?? message) : message;
}

/** @param what what could not be done: "write to standard output" */
export function ioError(what: string, error: unknown): CapabilityError<"IO_FAILED"> {
  const { code, path } = error as NodeJS.ErrnoException;
  return new CapabilityError("IO_FAILED", {
    message: `Cannot ${what}: ${ioReason(error)}`,
    details: { reason: code ?? "unknown", ...(path === undefined ? {} : { path }) },
    cause: error,
  });
}

/** What was thrown; a failure of the system that nobody foresaw as what it is: no fault of this program. */
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
