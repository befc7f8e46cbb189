import { withoutSecrets } from './secrets.ts';

/** Text from spans as it may be printed: without secrets and control characters, on one line, cut to a length. */
export function safe(text: string, most: number): string {
  const short = text.length > most ? `${text.slice(0, most - 1)}…` : text;
  return withoutSecrets(short.replaceAll(/\s+/g, ' ')).replaceAll(
    /\p{C}/gu,
    (control) => `\\u{${(control.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
