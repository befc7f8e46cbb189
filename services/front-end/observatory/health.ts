/** Of calls or a part: drawn by colour, line pattern and words. */
export type Health = 'well' | 'some' | 'many' | 'quiet';

const manyErrors = 0.05;

export function healthOf({
  perSecond,
  errorShare,
}: {
  perSecond: number;
  errorShare: number;
}): Health {
  if (perSecond === 0) return 'quiet';
  if (errorShare === 0) return 'well';
  return errorShare < manyErrors ? 'some' : 'many';
}
