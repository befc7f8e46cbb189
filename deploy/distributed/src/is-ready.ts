import type { Part } from '@sockshop/supervisor';

/** Whether the service reports that it is ready. */
export async function isReady({ url }: Part): Promise<boolean> {
  if (url === undefined) return false;
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
