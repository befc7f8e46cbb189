export function textOf(form: FormData, name: string): string {
  return passwordOf(form, name).trim();
}

/** Not trimmed: blanks count in a password. */
export function passwordOf(form: FormData, name = 'password'): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
