import { CommandError, fileProblem, InvalidArgumentError, run, UsageError } from '@sockshop/cli';
import { resolve } from 'node:path';
import type { DependencyLink } from './check-edges.ts';
import type { LintOptions } from './data.ts';
import { remoteNames } from './facts.ts';
import { edgesOfFile, shopEdges } from './declared-edges.ts';
import { SEVERITIES } from './finding.ts';
import { lintSpans, type Report } from './lint-spans.ts';
import { LINT, type LintCommandOptions, ruleFilter } from './options.ts';
import { UnreadableError } from './read-json.ts';
import { readSpansOfFile } from './read-spans.ts';
import { readMetrics } from './red.ts';
import { reportText } from './report-text.ts';
import { ruleList, ruleTable } from './rule-table.ts';
import { SHOP_JOBS } from './shop-jobs.ts';
import type { Span } from './span.ts';
import { readZipkin } from './zipkin-source.ts';

process.stdout.on('error', () => undefined); // its reader has gone
LINT.action(async (files, options) => {
  if (options.rules === 'list' || options.rules === 'markdown') {
    console.log(options.rules === 'list' ? ruleList() : ruleTable());
    return;
  }
  try {
    const report = await lint(files, options);
    console.log(options.json ? JSON.stringify(report, undefined, 2) : reportText(report));
    process.exitCode = hasFailed(report, options.failOn) ? 1 : 0;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const why =
      error instanceof UnreadableError ||
      error instanceof InvalidArgumentError ||
      error instanceof CommandError;
    const problem = fileProblem(error);
    if (!why && problem === undefined) throw error;
    console.error(problem ?? (error instanceof Error ? error.message : String(error)));
    process.exitCode = 2;
  }
});
await run(LINT);

async function lint(files: readonly string[], options: LintCommandOptions): Promise<Report> {
  const on = ruleFilter(options.rules, options.off);
  const { spans, drawn } = await read(files, options);
  if (spans.length === 0)
    throw new UnreadableError(
      'There are no spans: look further back (--lookback), or at another service.',
    );
  const metrics = await Promise.all(options.metrics.map(readMetrics));
  return lintSpans(spans, await lintOptions(options, spans), { drawn, on, metrics });
}

async function read(
  files: readonly string[],
  options: LintCommandOptions,
): Promise<{ spans: readonly Span[]; drawn?: readonly DependencyLink[] | undefined }> {
  const { zipkin } = options;
  if (zipkin !== undefined && files.length > 0)
    throw new UnreadableError('Give either files or --zipkin.');
  if (zipkin !== undefined)
    return readZipkin({ ...options, url: zipkin }, (line) => {
      console.error(line);
    });
  if (files.length === 0)
    throw new UnreadableError('Give files with spans, - for the standard input, or --zipkin URL.');
  const all: Span[] = [];
  for (const file of files) {
    const path = file === '-' ? file : resolve(process.env['INIT_CWD'] ?? process.cwd(), file);
    try {
      for (const span of await readSpansOfFile(path)) all.push(span);
    } catch (cause) {
      if (!(cause instanceof UnreadableError)) throw cause;
      throw new UnreadableError(`${file}: ${cause.message}`, { cause });
    }
  }
  const spans =
    options.trace.length === 0
      ? all
      : all.filter(({ traceId }) => options.trace.some((id) => traceId.endsWith(id.toLowerCase())));
  return { spans };
}

async function lintOptions(
  options: LintCommandOptions,
  spans: readonly Span[],
): Promise<Partial<LintOptions>> {
  const { shop, entry, job } = options;
  const names = [...new Set(spans.map(({ service }) => service))];
  const remotes = new Set(spans.flatMap((span) => remoteNames(span).slice(0, 2)));
  const entries = [...entry, ...(shop ? ['front-end'] : [])];
  const declared =
    options.edges !== undefined
      ? await edgesOfFile(options.edges)
      : shop
        ? shopEdges(names, remotes)
        : undefined;
  return {
    skewUs: options.skew * 1000,
    gapUs: options.gap * 1000,
    repeats: options.repeats,
    jobs: new Set([...job, ...(shop ? SHOP_JOBS : [])]),
    edges: declared,
    ...(entries.length > 0 && { entries: new Set(entries) }),
  };
}

function hasFailed({ findings }: Report, failOn: LintCommandOptions['failOn']): boolean {
  if (failOn === 'never') return false;
  return findings.some(
    ({ severity }) => SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(failOn),
  );
}
