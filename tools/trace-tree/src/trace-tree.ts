import type { ZipkinSpan } from '@sockshop/tracing';

/** One line a span, below its parent: service, name, kind, when it began and how long it took, then the tags of these names. */
export function traceTree(spans: readonly ZipkinSpan[], tags: readonly string[] = []): string {
  const ids = new Set(spans.map(({ id }) => id));
  const began = Math.min(...spans.map(({ timestamp }) => timestamp));
  const childrenOf = (parent: string | undefined): ZipkinSpan[] =>
    spans
      .filter(({ parentId }) =>
        parent === undefined ? parentId === undefined || !ids.has(parentId) : parentId === parent,
      )
      .sort((one, other) => one.timestamp - other.timestamp);
  const draw = (span: ZipkinSpan, indent: string, isLast: boolean, isRoot: boolean): string[] => {
    const branch = isRoot ? '' : isLast ? '└─ ' : '├─ ';
    const below = isRoot ? '' : `${indent}${isLast ? '   ' : '│  '}`;
    const children = childrenOf(span.id);
    return [
      `${indent}${branch}${lineOf(span, began, tags)}`,
      ...children.flatMap((child, at) => draw(child, below, at === children.length - 1, false)),
    ];
  };
  return childrenOf(undefined)
    .flatMap((root) => draw(root, '', true, true))
    .join('\n');
}

function lineOf(span: ZipkinSpan, began: number, names: readonly string[]): string {
  const { localEndpoint, name, kind, timestamp, duration, tags } = span;
  const times = `+${inMs(timestamp - began)} ${inMs(duration)} ms`;
  const shown = names.flatMap((tag) => (tags[tag] === undefined ? [] : [`${tag}=${tags[tag]}`]));
  const failed = tags['error'] === undefined ? [] : ['ERROR'];
  return [
    localEndpoint.serviceName ?? '?',
    kind ?? 'INTERNAL',
    name,
    times,
    ...failed,
    ...shown,
  ].join('  ');
}

function inMs(us: number): string {
  return (us / 1000).toFixed(1);
}
