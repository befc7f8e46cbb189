import { describe, expect, it } from '@jest/globals';
import type { Link, Part, Traffic } from '../observatory/api.ts';
import { layOut } from '../observatory/map-layout.ts';
import { linkKey, SeenMap } from '../observatory/seen-map.ts';

const HOSTILE = ['constructor', '__proto__', 'toString', 'a\nb', 'a → b', 'a', 'b', '', '1', '"'];
const figures = { count: 60, errors: 0, perSecond: 1, avgMs: 1, p95Ms: 1 };
const aPart = (name: string): Part => ({ name, kind: 'service', ...figures });
const aLink = (from: string, to: string): Link => ({ from, to, ...figures });
const traffic = (parts: Part[], links: Link[]): Traffic => ({
  windowS: 60,
  coveredS: 60,
  spans: 1,
  requests: figures,
  services: parts,
  edges: links,
  routes: [],
  calls: [],
});

describe('the service map', () => {
  const parts = HOSTILE.map(aPart);
  const links = HOSTILE.flatMap((from) => HOSTILE.map((to) => aLink(from, to)));

  it('has a place for each part and link, whatever their names', () => {
    const layout = layOut(parts, links);
    expect([...layout.parts.keys()]).toEqual(HOSTILE);
    expect(layout.links.size).toBe(HOSTILE.length ** 2);
    const places = [...layout.parts.values()].map(({ x, y }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(HOSTILE.length);
    for (const { path } of layout.links.values()) expect(path).toMatch(/^M[-\d.]+,[-\d.]+ C/);
  });

  it('draws no link to a part that is not on it', () => {
    const layout = layOut([aPart('a')], [aLink('a', 'constructor'), aLink('__proto__', 'a')]);
    expect([...layout.links.keys()]).toEqual([]);
  });

  it('has a place for each of 200 parts in a chain', () => {
    const names = Array.from({ length: 200 }, (_, index) => `service-${index}`);
    const chain = names.slice(1).map((to, index) => aLink(names[index]!, to));
    expect(layOut(names.map(aPart), chain).links.size).toBe(199);
  });

  it('keeps quiet parts and links apart by their names', () => {
    const seen = new SeenMap();
    seen.add(traffic(parts, links));
    const quiet = seen.add(traffic([], []));
    expect(quiet.services.map(({ name }) => name)).toEqual(HOSTILE.toSorted());
    expect(new Set(quiet.edges.map(linkKey)).size).toBe(HOSTILE.length ** 2);
    expect(quiet.services.every(({ count }) => count === 0)).toBe(true);
  });

  it('forgets quiet parts when there are too many', () => {
    const seen = new SeenMap();
    const many = Array.from({ length: 201 }, (_, index) => aPart(`gone-${index}`));
    seen.add(traffic(many, [aLink('gone-1', 'gone-2')]));
    const now = seen.add(traffic([aPart('a')], []));
    expect(now.services.map(({ name }) => name)).toEqual(['a']);
    expect(now.edges).toEqual([]);
  });
});
