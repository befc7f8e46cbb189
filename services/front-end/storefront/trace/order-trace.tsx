import { useState } from 'react';
import { text } from '../i18n/text.ts';
import { logsOfOrder, TraceError, traceOfOrder } from './trace-api.ts';
import { isSettled, type Trace } from './trace.ts';
import { TraceLink } from './trace-link.tsx';
import { TraceState } from './trace-state.tsx';
import { useGrowing } from './use-growing.ts';
import { Waterfall } from './waterfall.tsx';

const words = text.drawer;

/** The trace in which an order was placed, live until it is shipped. `done`: nothing more happens to the order. */
export default function OrderTrace({ id, done }: { id: string; done: boolean }) {
  const [fresh] = useState(!done);
  const { data, failure, live } = useGrowing<Trace | undefined>(
    `order ${id} ${done}`, // asked for anew once it is shipped, however long that took
    () => (fresh ? traceToCome(id) : traceOfOrder(id)),
    (now, before) => done && now !== undefined && isSettled(now, before),
  );
  const [kept, setKept] = useState(data);
  if (data && data !== kept) setKept(data);
  return (
    <section id="order-trace" className="order-trace" aria-labelledby="order-trace-title">
      <h2 id="order-trace-title">{words.orderTitle}</h2>
      {kept ? (
        <>
          <p className="muted">{words.orderIntro}</p>
          <p className="trace">
            {text.frame.trace} <TraceLink traceId={kept.traceId} />{' '}
            <TraceState state={kept.summary.state} live={live} />
          </p>
          <Waterfall trace={kept} label={words.orderTitle} loadLogs={() => logsOfOrder(id)} />
        </>
      ) : (
        <p className="muted">{missing()}</p>
      )}
    </section>
  );

  function missing(): string {
    if (failure === 'unavailable') return words.unavailable;
    return live ? words.pendingLong : words.gone;
  }
}

/** Its spans come after the order itself, so there is none at first. */
async function traceToCome(id: string): Promise<Trace | undefined> {
  try {
    return await traceOfOrder(id);
  } catch (error) {
    if (error instanceof TraceError && error.failure === 'gone') return undefined;
    throw error;
  }
}
