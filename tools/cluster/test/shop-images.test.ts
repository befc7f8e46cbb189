import { describe, expect, it } from '@jest/globals';
import { imagesIn } from '../src/shop-images.ts';

describe('the images of manifests', () => {
  it('are each named once, in order, wherever the key stands', () => {
    const yaml = `
      containers:
        - image: sock-shop/orders:1.0.0
          name: orders
        - name: carts
          image: sock-shop/carts:1.0.0
      initContainers:
        - name: first
          image: sock-shop/carts:1.0.0
          imagePullPolicy: Never
`;
    expect(imagesIn(yaml)).toEqual(['sock-shop/carts:1.0.0', 'sock-shop/orders:1.0.0']);
  });
});
