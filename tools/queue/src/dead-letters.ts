import type { GetMessage } from 'amqplib';

/** Beside the sender's headers, as libs/messaging notes them at each failure. */
const FAILURES = 'x-sockshop-failures';
const LAST_ERROR = 'x-sockshop-last-error';
const FAILED_AT = 'x-sockshop-failed-at';

/** Where libs/messaging puts what the consumers of a queue could not handle. */
export function deadLetterQueue(queue: string): string {
  return `${queue}.dead`;
}

/** The queues whose messages go back by themselves after a while; the first one that does not exist ends the row. */
export function delayQueue(queue: string, nth: number): string {
  return `${queue}.retry.${nth}`;
}

/** Describes a dead-lettered message without its body; `–` stands where the message lacks a fact. */
export function described({ content, properties }: GetMessage): string[] {
  const headers = properties.headers ?? {};
  const facts = [
    properties.messageId,
    headers[FAILED_AT],
    headers[FAILURES],
    headers[LAST_ERROR],
    content.length,
    properties.correlationId,
  ];
  return facts.map((value: unknown) =>
    typeof value === 'string' || typeof value === 'number' ? printable(String(value)) : '–',
  );
}

/** The sender's headers, trace context included, without what was noted at its failures. */
export function withoutFailures(headers: Readonly<Record<string, unknown>>) {
  const notes = [FAILURES, LAST_ERROR, FAILED_AT];
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !notes.includes(name) && !/^x-([a-z]+-)?death/.test(name), // the broker's notes
    ),
  );
}

/** What a stranger wrote must not steer the terminal. */
export function printable(text: string): string {
  return text.replaceAll(
    /\p{C}/gu,
    (control) => `\\u{${(control.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
