import { useRef } from 'react';
import { text } from '../i18n/text.ts';
import { traceOfOrder } from './trace-api.ts';
import { isSettled, type Trace } from './trace.ts';
import { TraceLink } from './trace-link.tsx';
import { useGrowing } from './use-growing.ts';
import { Waterfall } from './waterfall.tsx';

const words = text.drawer;

/** The trace in which an order was placed, live until it is shipped. `done`: nothing more happens to the order. */
export default function OrderTrace({ id, done }: { id: string; done: boolean }) {
  const over = useRef(done);
  over.current = done;
  const { data, failure } = useGrowing<Trace>(
    `order ${id}`,
    () => traceOfOrder(id),
    (now, before) => over.current && isSettled(now, before),
  );
  if (failure === 'unavailable' && !data) return <p className="muted">{words.unavailable}</p>;
  if (!data) return null;
  return (
    <section id="order-trace" className="order-trace" aria-labelledby="order-trace-title">
      <h2 id="order-trace-title">{words.orderTitle}</h2>
      <p className="muted">{words.orderIntro}</p>
      <p className="trace">
        {text.frame.trace} <TraceLink traceId={data.traceId} />
      </p>
      <Waterfall trace={data} label={words.orderTitle} />
    </section>
  );
}
