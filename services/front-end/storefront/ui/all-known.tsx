import { text } from '../i18n/text.ts';
import type { ReactNode } from 'react';
import { LineSkeletons, PanelSkeleton } from './skeleton.tsx';
import type { Loaded } from './use-load.ts';

export type Part = Pick<Loaded<unknown>, 'data' | 'error'>;

interface Props {
  of: Part[];
  /** As large as what will take its place. Default: lines and what they cost. */
  skeleton?: ReactNode;
  children: ReactNode;
}

/**
 * Shows parts of a page once all of them have loaded or failed. Their heights are unknown before, so the parts below would move.
 */
export function AllKnown({ of, skeleton = <LinesAndSide />, children }: Props) {
  if (of.every(({ data, error }) => data !== undefined || error !== undefined)) return children;
  return (
    <div className="waiting" aria-busy="true">
      <span className="hidden">{text.frame.loading}</span>
      {skeleton}
    </div>
  );
}

function LinesAndSide() {
  return (
    <div className="with-side side-right">
      <LineSkeletons count={3} />
      <div className="stack">
        <PanelSkeleton lines={4} />
        <PanelSkeleton lines={3} />
      </div>
    </div>
  );
}
