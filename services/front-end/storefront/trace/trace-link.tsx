import { saidWithPage } from '../said-with-page.ts';

const observatory = saidWithPage('observatory') !== 'off';
const zipkin = saidWithPage('zipkin');

/** Undefined in a shop without an Observatory. */
export function observatoryPath(traceId: string): string | undefined {
  return observatory ? `/observatory?trace=${traceId}` : undefined;
}

/** The id of a trace as the link to it, in a shop that has an Observatory or a Zipkin that browsers can reach. */
export function TraceLink({ traceId }: { traceId: string }) {
  const inZipkin = zipkin === undefined ? undefined : `${zipkin}/zipkin/traces/${traceId}`;
  const path = observatoryPath(traceId) ?? inZipkin;
  const id = <code>{traceId}</code>;
  return path === undefined ? id : <a href={path}>{id}</a>;
}
