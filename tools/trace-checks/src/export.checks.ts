import type { Check } from './check.ts';

const TRACING = 'libs/tracing/test/tracing.test.ts';
const ZIPKIN_EXPORTER = 'libs/tracing/test/zipkin-exporter.test.ts';

export const EXPORT_CHECKS: readonly Check[] = [
  {
    number: 35,
    says: 'The resource names service, namespace, version, instance, host, process and SDK; an instance id is unique',
    tests: [
      { file: TRACING, title: 'says who, where and by what' },
      { file: TRACING, title: 'has another instance id every time' },
      { file: TRACING, title: 'takes attributes and the name from the environment' },
    ],
    mutant: {
      find: "...(own && { 'service.instance.id': randomUUID() }),",
      replace: "...(own && { 'service.instance.id': randomUUID().slice(0, 0) }),",
    },
  },
  {
    number: 40,
    says: 'Exporters make no traces of their own calls',
    tests: [
      { file: ZIPKIN_EXPORTER, title: 'carry no trace context and are not traced themselves' },
    ],
    mutant: {
      find: "const headers = { ...this.headers, 'content-length': body.length };",
      replace:
        "const headers = { ...this.headers, traceparent: '-', 'content-length': body.length };",
    },
  },
];
