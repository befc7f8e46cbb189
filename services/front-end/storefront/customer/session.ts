/** Readable by scripts and gone an hour after login; the sealed `md.sid` is what the server trusts. */
const name = 'logged_in';

/** Empty for a shopper who is not logged in. */
export function loggedInCookie(): string {
  const pair = document.cookie.split('; ').find((cookie) => cookie.startsWith(`${name}=`));
  return pair?.slice(name.length + 1) ?? '';
}

export function dropLoggedInCookie(): void {
  document.cookie = `${name}=; path=/; max-age=0`;
}
