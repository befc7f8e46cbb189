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
 * Shows parts of a page once all of them have loaded or failed. Their heights are unknown before, so the parts below would move.
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
