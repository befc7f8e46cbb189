import { text } from '../i18n/text.ts';
import type { ReactNode } from 'react';
import { Bone } from './skeleton.tsx';
import type { Loaded } from './use-load.ts';

export type Part = Pick<Loaded<unknown>, 'data' | 'error'>;

interface Props {
  of: Part[];
  children: ReactNode;
}

/**
 * Shows parts of a page when all of them are known, or known to have failed: how high each will be nobody knows before, and those
 * below it would move.
 */
export function AllKnown({ of, children }: Props) {
  if (of.every(({ data, error }) => data !== undefined || error !== undefined)) return children;
  return (
    <div className="waiting with-side side-right" aria-busy="true">
      <span className="hidden">{text.frame.loading}</span>
      <Bone width={50} height={16} />
      <Bone width={23} height={16} />
    </div>
  );
}
