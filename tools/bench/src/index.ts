export { BenchShop } from './bench-shop.ts';
export { journey } from './journeys.ts';
