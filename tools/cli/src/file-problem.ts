/** What the system's error codes about files mean to the person who gave the path. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'there is no permission for it',
  EPERM: 'there is no permission for it',
  EROFS: 'its file system is read-only',
  ENOENT: 'it does not exist, or a folder on the way to it does not',
  ENOTDIR: 'it, or a part of it, is a file, not a folder',
  EEXIST: 'it is there already, and is not a folder',
  EISDIR: 'it is a folder, not a file',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENAMETOOLONG: 'it is too long',
  ELOOP: 'it is a circle of links',
  EBUSY: 'the system is using it',
  EIO: 'the system cannot read or write it',
  EINVAL: 'the system does not allow it there',
};

/**
 * One line about a file or folder that cannot be used; undefined where the error is about something else. `path`: what the person
 * gave, where the error names a file made from it.
 */
export function fileProblem(error: unknown, path?: string): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if (!('code' in error) || !('syscall' in error)) return undefined;
  const code = String(error.code);
  const why = REASONS[code];
  const named = path ?? ('path' in error ? String(error.path) : undefined);
  // Writing to an open file fails without its name.
  if (why === undefined || (named === undefined && code !== 'ENOSPC')) return undefined;
  return `${named ?? 'A file'} cannot be used: ${why} (${code}).`;
}
