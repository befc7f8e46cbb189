export { type Stored, stored } from './stored.ts';
export { WatchedShop } from './watched-shop.ts';
