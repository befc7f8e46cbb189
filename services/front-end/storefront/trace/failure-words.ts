import { text } from '../i18n/text.ts';
import type { Row } from './trace.ts';

const { why } = text.drawer;

/** Why a span failed, as a sentence: who wanted what of whom, and what came. */
export function whyFailed({ span }: Row): string {
  const { service, remoteService, name, kind, tags } = span;
  const status = tags['http.response.status_code'];
  const reason = reasonOf([span.error, tags['error.type']].find(Boolean) ?? '');
  const other = remoteService ?? tags['db.system.name'] ?? tags['messaging.system'];
  if (tags['db.system.name'] !== undefined) return why.database(service, other ?? '', name, reason);
  if (kind === 'PRODUCER') return why.publish(service, name, reason);
  if (kind === 'CONSUMER') return why.consume(service, name, reason);
  if (kind === 'CLIENT' && status !== undefined) {
    return why.refused(service, remoteService ?? why.other, name, statusText(status));
  }
  if (kind === 'CLIENT') return why.noAnswer(service, remoteService ?? why.other, name, reason);
  if (kind === 'SERVER' && status !== undefined) {
    return why.answered(service, name, statusText(status));
  }
  return why.step(service, name, /^\d{3}$/.test(reason) ? statusText(reason) : reason);
}

function statusText(status: string): string {
  const words = new Map(Object.entries(why.statuses)).get(status);
  return words === undefined ? status : `${status} (${words})`;
}

function reasonOf(type: string): string {
  if (type === '') return why.unknown;
  return new Map(Object.entries(why.reasons)).get(type) ?? type;
}
