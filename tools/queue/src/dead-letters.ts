import { FAILURE_HEADERS } from '@sockshop/queues';
import type { GetMessage } from 'amqplib';

/** Describes a dead-lettered message without its body; `–` stands where the message lacks a fact. */
export function described({ content, properties }: GetMessage): string[] {
  const headers = properties.headers ?? {};
  const facts = [
    properties.messageId,
    headers[FAILURE_HEADERS.failedAt],
    headers[FAILURE_HEADERS.failures],
    headers[FAILURE_HEADERS.lastError],
    content.length,
    properties.correlationId,
  ];
  return facts.map((value: unknown) =>
    typeof value === 'string' || typeof value === 'number' ? printable(String(value)) : '–',
  );
}

/** Escapes control characters: a sender's text must not control the terminal. */
export function printable(text: string): string {
  return text.replaceAll(
    /\p{C}/gu,
    (control) => `\\u{${(control.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
