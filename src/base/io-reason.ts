/** Meaning and remedy of the system's codes. */
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
  ENOTDIR: "a part of the path is not a folder (ENOTDIR): name another place",
  ENOENT: "there is no such file or folder (ENOENT): make it, or name another one",
  EBADF: "it is closed (EBADF): leave it open",
};

/** Explains why a call of the system failed and what helps, in the words of the table or in its own. */
export function ioReason(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return Object.hasOwn(REASONS, code) ? (REASONS[code] ?? message) : message;
}
