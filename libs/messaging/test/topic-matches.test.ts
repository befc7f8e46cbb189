import { describe, expect, it } from '@jest/globals';
import { topicMatches } from '../src/memory-broker.ts';

describe('topicMatches', () => {
  it.each([
    ['shipment.shipped', 'shipment.shipped', true],
    ['shipment.shipped', 'shipment', false],
    ['shipment', 'shipment.shipped', false],
    ['shipment.*', 'shipment.shipped', true],
    ['shipment.*', 'shipment', false],
    ['*.shipped', 'shipment.lost', false],
    ['#', 'shipment.shipped.late', true],
    ['shipment.#', 'shipment', true],
    ['#.late', 'shipment.shipped.late', true],
    ['#.shipped', 'shipment.shipped.late', false],
    ['a.#.b.*', 'a.x.b.y.b.z', true],
  ])('%s and %s: %s', (pattern, key, expected) => {
    expect(topicMatches(pattern.split('.'), key.split('.'))).toBe(expected);
  });
});
