/** Where the pages are; the paths are the original shop's. */
export const basketPath = '/basket.html';
export const ordersPath = '/customer-orders.html';
export const accountPath = '/customer-account.html';

/** Checkout's steps are pages 1 to 4. */
export function checkoutPath(step: number): string {
  return `/checkout${step}.html`;
}

export function detailPath(sockId: string): string {
  return `/detail.html?id=${encodeURIComponent(sockId)}`;
}

export function orderPath(orderId: string): string {
  return `/customer-order.html?order=/orders/${encodeURIComponent(orderId)}`;
}

/** A page of the orders, from 1. */
export function ordersPagePath(page: number): string {
  return page === 1 ? ordersPath : `${ordersPath}?page=${page}`;
}

export function ordersPageFrom(search: string): number {
  return natural(new URLSearchParams(search).get('page')) ?? 1;
}

export interface Listing {
  /** From 1. */
  page: number;
  size: number | 'all';
  /** What the shopper searches for, at most 100 characters; '' for nothing. */
  q: string;
  tags: string[];
  sort: string;
}

export function listingFrom(search: string): Listing {
  const params = new URLSearchParams(search);
  const size = params.get('size');
  return {
    page: natural(params.get('page')) ?? 1,
    size: size === 'all' ? 'all' : (natural(size) ?? 6),
    q: (params.get('q') ?? '').slice(0, 100),
    tags: (params.get('tags') ?? '').split(',').filter((tag) => tag !== ''),
    sort: params.get('sort') ?? 'id',
  };
}

/** What is as by default is left out. */
export function categoryPath({
  page = 1,
  size = 6,
  q = '',
  tags = [],
  sort = 'id',
}: Partial<Listing>): string {
  const params = new URLSearchParams();
  if (page !== 1) params.set('page', String(page));
  if (size !== 6) params.set('size', String(size));
  if (q !== '') params.set('q', q);
  if (tags.length > 0) params.set('tags', tags.join());
  if (sort !== 'id') params.set('sort', sort);
  const query = params.toString();
  return query === '' ? '/category.html' : `/category.html?${query}`;
}

function natural(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}
