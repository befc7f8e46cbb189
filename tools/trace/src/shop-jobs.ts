/** Spans with which scheduled work of this shop begins a trace. */
export const SHOP_JOBS: readonly string[] = [];
