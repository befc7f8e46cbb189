import type { Check } from './check.ts';

const MESSAGE_BUS = 'libs/messaging/test/message-bus.test.ts';
const TRACES = 'e2e/test/traces.test.ts';
const TRACED_CHANNEL = 'libs/tracing/test/traced-channel.test.ts';
const W3C = 'libs/tracing/test/w3c.test.ts';
const RABBITMQ = 'libs/messaging/test/rabbitmq.test.ts';

export const MESSAGING_CHECKS: readonly Check[] = [
  {
    number: 13,
    says: 'Sending is a PRODUCER span named for operation and destination, with system, destination, routing key, message and conversation id and the broker',
    tests: [
      {
        file: MESSAGE_BUS,
        title: 'traces a message from its sender through the broker to its consumer',
      },
      {
        file: TRACES,
        title:
          'every span of these journeys has the attributes, name and status of its kind, and no others',
      },
    ],
    mutant: {
      find: '[MESSAGING_OPERATION_NAME]: operation,',
      replace: '[MESSAGING_OPERATION_NAME]: `${operation}s`,',
    },
  },
  {
    number: 14,
    says: 'Handling is a CONSUMER span whose destination names exchange, key and queue, with the delivery tag',
    tests: [
      { file: MESSAGE_BUS, title: 'sends a topic to every queue bound to it and to no other' },
      {
        file: MESSAGE_BUS,
        title: 'traces a message from its sender through the broker to its consumer',
      },
      {
        file: TRACES,
        title:
          'every span of these journeys has the attributes, name and status of its kind, and no others',
      },
    ],
    mutant: { find: 'joined(exchange, routingKey, queue);', replace: 'joined(exchange, queue);' },
  },
  {
    number: 15,
    says: 'Asking for a message and settling one are CLIENT spans',
    tests: [
      {
        file: MESSAGE_BUS,
        title: 'traces a message from its sender through the broker to its consumer',
      },
      {
        file: TRACED_CHANNEL,
        title:
          'a message that is pulled has a CLIENT span, and is processed below the span around it',
      },
      {
        file: TRACED_CHANNEL,
        title: '%s settles and ends every open message with one CLIENT span',
      },
      {
        file: TRACES,
        title:
          'every span of these journeys has the attributes, name and status of its kind, and no others',
      },
    ],
    mutant: {
      find: 'return { operation, destination, options: { kind: SpanKind.CLIENT, attributes } };',
      replace:
        'return { operation, destination, options: { kind: SpanKind.CONSUMER, attributes } };',
    },
  },
  {
    number: 16,
    says: 'The context travels in the headers of the message, from the PRODUCER span; headers may be bytes',
    tests: [
      {
        file: MESSAGE_BUS,
        title: 'joins the trace of a foreign client whose B3 headers are bytes',
      },
      { file: W3C, title: 'reads header values that arrive as bytes' },
    ],
    mutant: {
      find: "Buffer.from(value).toString('latin1')",
      replace: "Buffer.from(value).toString('hex')",
    },
  },
  {
    number: 17,
    says: 'The CONSUMER span is linked to the context in which its message was created, whether that is its parent or not; a batch has links only',
    tests: [
      {
        file: MESSAGE_BUS,
        title: 'traces a message from its sender through the broker to its consumer',
      },
      {
        file: MESSAGE_BUS,
        title:
          'starts a new trace, linked to the creation of the message, with CONSUMER_TRACE=links',
      },
      {
        file: TRACED_CHANNEL,
        title: 'a batch is the root of a new trace, linked to the creation of each message',
      },
    ],
    mutant: {
      find: 'const links = linkTo(parent, root ? CREATION : undefined);',
      replace: 'const links = linkTo(this.traces.extract({}), root ? CREATION : undefined);',
    },
  },
  {
    number: 18,
    says: 'A message that is delivered again or dead-lettered keeps its creation context, and the attempt is counted',
    tests: [
      {
        file: MESSAGE_BUS,
        title: 'retries a failed message after growing delays and then dead-letters it',
      },
      {
        file: RABBITMQ,
        title:
          'survives the loss of the broker: unsettled messages are delivered again, in their trace',
      },
    ],
    mutant: {
      find: '[this.names.attempt]: message.attempt,',
      replace: '[this.names.attempt]: message.attempt + 1,',
    },
  },
  {
    number: 19,
    says: 'A message that cannot be sent is an error on its span and reaches the caller',
    tests: [
      { file: MESSAGE_BUS, title: 'rejects a message for a queue that does not exist' },
      { file: RABBITMQ, title: 'opens without a broker, rejects fast, and works once it appears' },
    ],
    mutant: {
      find: "return exchange !== '' || queues.length > 0;",
      replace: "return exchange !== '' || queues.length >= 0;",
    },
  },
  {
    number: 20,
    says: 'A broker that restarts costs no context, and connecting again makes no spans',
    tests: [
      {
        file: RABBITMQ,
        title:
          'survives the loss of the broker: unsettled messages are delivered again, in their trace',
      },
      { file: RABBITMQ, title: 'opens without a broker, rejects fast, and works once it appears' },
    ],
    mutant: {
      find: "return { operation: 'process', destination, options, parent, waitedMs: waited };",
      replace:
        "return { operation: 'process', destination, options, parent: message.attempt > 0 ? this.traces.extract({}) : parent, waitedMs: waited };",
    },
  },
];
