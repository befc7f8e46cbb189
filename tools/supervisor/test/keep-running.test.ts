import { describe, expect, it } from '@jest/globals';
import { keepRunning } from '../src/keep-running.ts';

describe('keepRunning', () => {
  it('starts again what ended, also after a start that failed, until it is released', async () => {
    const said: string[] = [];
    const release = new AbortController();
    const starts: number[] = [];
    const again = (restarts: number): Promise<{ ended: Promise<string> }> => {
      starts.push(restarts);
      if (starts.length === 1) return Promise.reject(new Error('port in use'));
      if (starts.length === 3) release.abort();
      return Promise.resolve({ ended: Promise.resolve('ended with code 1') });
    };
    const first = { ended: Promise.resolve('ended with SIGKILL') };
    const say = (line: string): void => {
      said.push(line.replace(/\d\.\d s$/, 'N s'));
    };
    await keepRunning(first, { name: 'carts', again, say, released: release.signal });
    expect(starts).toEqual([1, 1, 2]);
    expect(said).toEqual([
      'carts ended with SIGKILL; starting it again in N s',
      'carts port in use; starting it again in N s',
      'carts ended with code 1; starting it again in N s',
    ]);
  });

  it('leaves alone what is not ours', async () => {
    const again = () => Promise.reject(new Error('never'));
    const { signal } = new AbortController();
    await keepRunning({}, { name: 'MySQL', again, say: () => undefined, released: signal });
  });
});
