import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TraceSpan } from '@sockshop/measure';
import type { RecordedJourney, Trace } from './recorded-run.ts';
import { parseShape, shapeOf, type ShapeNode, type ShapeSpan, textOf } from './shape.ts';
import { type ShapeDifference, shapeDifferences } from './shape-differences.ts';

/** One file a journey. */
const FOLDER = join(import.meta.dirname, '../golden');

/** How the traces of a journey differ from its golden file. */
export interface Verdict {
  readonly journey: string;
  readonly differences: readonly ShapeDifference[];
}

/** @throws Error where the journey has no golden file */
export function verdictOn(recorded: RecordedJourney): Verdict {
  const { journey } = recorded;
  const path = fileOf(journey);
  if (!existsSync(path)) throw new Error(`${journey} has no golden file: write it with --update`);
  const expected = parseShape(readFileSync(path, 'utf8'));
  const differences = recorded.rounds.flatMap((traces) =>
    shapeDifferences(expected, shapeOfRound(traces)),
  );
  const byWords = new Map(differences.map((difference) => [difference.words, difference]));
  return { journey, differences: [...byWords.values()] };
}

export function writeGolden(recorded: RecordedJourney): void {
  writeFileSync(fileOf(recorded.journey), textOf(shapeOfRound(recorded.rounds[0] ?? [])));
}

/** One tree for each trace, in order. */
function shapeOfRound(traces: readonly Trace[]): ShapeNode[] {
  return traces.flatMap((trace) => shapeOf(trace.map(shapeSpan)));
}

function shapeSpan(span: TraceSpan): ShapeSpan {
  const { id, parentId, kind = 'INTERNAL', name, localEndpoint, tags = {} } = span;
  const error = tags['error'] !== undefined;
  return { id, parentId, service: localEndpoint.serviceName, kind, name, error, attributes: tags };
}

function fileOf(journey: string): string {
  return join(FOLDER, `${journey}.txt`);
}
