import type { Link, Part, Traffic } from './api.ts';

/** Beyond it, quiet ones are forgotten: names come from outside. */
const mostParts = 200;

const none = { count: 0, errors: 0, perSecond: 0, avgMs: 0, p95Ms: 0 };

/**
 * Parts and links seen before stay on the map when they fall quiet, so it does not jump with every pause of the traffic, and who looks sees
 * what has stopped.
 */
export class SeenMap {
  private readonly parts = new Map<string, Part>();
  private readonly links = new Map<string, Link>();

  /** The same traffic, with what is quiet now added. In an order of its own, for a layout that stays. */
  add(traffic: Traffic): Traffic {
    for (const [id, part] of this.parts) this.parts.set(id, { ...part, ...none });
    for (const [id, link] of this.links) this.links.set(id, { ...link, ...none });
    if (this.parts.size > mostParts) this.parts.clear();
    if (this.links.size > mostParts) this.links.clear();
    for (const part of traffic.services) this.parts.set(part.name, part);
    for (const link of traffic.edges) this.links.set(linkKey(link), link);
    return {
      ...traffic,
      services: [...this.parts].sort(byKey).map(([, part]) => part),
      edges: [...this.links]
        .sort(byKey)
        .map(([, link]) => link)
        .filter(({ from, to }) => this.parts.has(from) && this.parts.has(to)),
    };
  }
}

/** Unique whatever the names are. */
export function linkKey({ from, to }: { from: string; to: string }): string {
  return JSON.stringify([from, to]);
}

/** For people. */
export function linkId({ from, to }: { from: string; to: string }): string {
  return `${from} → ${to}`;
}

function byKey([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1;
}
