import type { LogLine } from '@sockshop/log-lines';

/**
 * Finds the lines about one order. Some name it; some name its shipment, which a line about the order names; the others are in a trace of the
 * order. A recovery sweep finishes many orders in one trace: of such a trace only the lines that name this one are about it.
 */
export class OrderLines {
  private readonly traces = new Set<string>();
  private readonly traceOfSeveral = new Set<string>();
  private readonly shipments = new Set<string>();
  private readonly known: Set<string>;

  constructor(private readonly orderId: string) {
    this.known = new Set([orderId]);
  }

  /** The ids that are known so far: a line without one of them is neither about the order nor teaches anything. */
  get words(): ReadonlySet<string> {
    return this.known;
  }

  /** Returns whether there was something to learn: then a line that was passed before may be about the order, too. */
  learn(line: LogLine): boolean {
    const { traceId } = line;
    const before = this.traces.size + this.traceOfSeveral.size + this.shipments.size;
    if (this.names(line)) {
      if (traceId !== undefined) this.traces.add(traceId);
      const { shipmentId } = line.fields;
      if (typeof shipmentId === 'string') this.shipments.add(shipmentId);
      for (const id of [...this.traces, ...this.shipments]) this.known.add(id);
    } else if (traceId !== undefined && this.namesAnother(line) && this.traces.has(traceId)) {
      this.traceOfSeveral.add(traceId);
    }
    return this.traces.size + this.traceOfSeveral.size + this.shipments.size > before;
  }

  matches(line: LogLine): boolean {
    if (this.names(line)) return true;
    const { traceId = '' } = line;
    return (
      this.traces.has(traceId) && !this.traceOfSeveral.has(traceId) && !this.namesAnother(line)
    );
  }

  private names({ fields: { orderId, shipmentId } }: LogLine): boolean {
    return orderId === this.orderId || this.isShipment(shipmentId);
  }

  /** Not by the shipment: it may be this order's without a line that says so, as from an original orders. */
  private namesAnother({ fields: { orderId } }: LogLine): boolean {
    return orderId !== undefined && orderId !== this.orderId;
  }

  private isShipment(id: unknown): boolean {
    return typeof id === 'string' && this.shipments.has(id);
  }
}
