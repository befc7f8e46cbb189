import { SERVICES } from '@sockshop/parts';
import { readFile } from 'node:fs/promises';
import type { DeclaredEdges } from './data.ts';
import { UnreadableError } from './read-json.ts';
import { isRecord } from './span.ts';

/** Edges of a file: lines `caller -> callee`, or JSON: a list of pairs, or of objects like those of Zipkin. @throws UnreadableError */
export async function edgesOfFile(file: string): Promise<DeclaredEdges> {
  const text = await readFile(file, 'utf8');
  const required = /^\s*\[/.test(text) ? ofJson(text, file) : ofLines(text, file);
  return { required: new Set(required), optional: new Set() };
}

function ofLines(text: string, file: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter(Boolean)
    .map((line) => {
      const [, parent, child] = /^(\S+)\s*->\s*(\S+)$/.exec(line) ?? [];
      if (parent === undefined || child === undefined)
        throw new UnreadableError(`${file} has a line that is not like caller -> callee`);
      return `${parent} -> ${child}`;
    });
}

function ofJson(text: string, file: string): string[] {
  try {
    return (JSON.parse(text) as unknown[]).map((each) => {
      const [parent, child] = Array.isArray(each)
        ? (each as unknown[])
        : isRecord(each)
          ? [each['parent'], each['child']]
          : [];
      if (typeof parent === 'string' && typeof child === 'string') return `${parent} -> ${child}`;
      throw new SyntaxError('neither a pair nor an object with parent and child');
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UnreadableError(`${file} does not list edges: ${why}`, { cause });
  }
}

/** Browsers and load tests may call it; they are not part of it. */
const CALLERS = ['storefront', 'loadtest', 'load-test', 'browser'];

/** The edges of this shop, whichever way it runs: a database or broker of its own draws edges only where it is a server. */
export function shopEdges(
  services: readonly string[],
  remotes: ReadonlySet<string>,
): DeclaredEdges {
  const calls = SERVICES.flatMap(({ name, upstreams }) =>
    upstreams.map((upstream) => `${name} -> ${upstream}`),
  );
  const broker = remotes.has('rabbitmq') ? 'rabbitmq' : 'queue';
  const messages = [
    `shipping -> ${broker}`,
    `${broker} -> queue-master`,
    `queue-master -> ${broker}`,
    `${broker} -> orders`,
  ];
  const databases = SERVICES.filter(({ database }) => database).map(
    ({ name }) => `${name} -> ${name}-db`,
  );
  const hasServers = databases.some((edge) => remotes.has(edge.split(' -> ')[1] ?? ''));
  const optional = CALLERS.filter((name) => services.includes(name)).map(
    (name) => `${name} -> front-end`,
  );
  return {
    required: new Set([...calls, ...messages, ...(hasServers ? databases : [])]),
    optional: new Set(optional),
  };
}
