import { useMemo, useRef, useState, type CSSProperties, type KeyboardEvent } from 'react';
import { flushSync } from 'react-dom';
import { text } from '../i18n/text.ts';
import { useLoad } from '../ui/use-load.ts';
import './waterfall.css';
import { whyFailed } from './failure-words.ts';
import { SpanDetails } from './span-details.tsx';
import { timeScale, type TimeScale } from './time-scale.ts';
import {
  colourOf,
  durationText,
  endOf,
  firstError,
  rowsOf,
  servicesOf,
  treeOf,
  type Row,
  type Trace,
  type TraceLogs,
} from './trace.ts';

const words = text.drawer;

interface Props {
  trace: Trace;
  label: string;
  /** Asks for the log lines of the trace, once a span is opened. */
  loadLogs: () => Promise<TraceLogs>;
}

/** A trace as bars over time: arrow keys move and fold, Enter shows what a span has to tell. */
export function Waterfall({ trace, label, loadLogs }: Props) {
  const roots = useMemo(() => treeOf(trace.spans), [trace]);
  const first = useMemo(() => firstError(roots), [roots]);
  const scale = useMemo(() => timeScale(trace.spans), [trace]);
  // Keys of rows: a span keeps its own while the trace grows.
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const logs = useLoad(
    async () => (opened.size > 0 ? loadLogs() : undefined),
    `${trace.traceId} ${trace.summary.spans} ${opened.size}`, // lines may come after their span
  );
  const [active, setActive] = useState('');
  const grid = useRef<HTMLDivElement>(null);
  const rows = rowsOf(roots, closed);
  const current = rows.some(({ key }) => key === active) ? active : rows[0]?.key;

  const moveTo = (row: Row | undefined) => {
    if (!row) return;
    setActive(row.key);
    grid.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(row.key)}"]`)?.focus();
  };
  const fold = (row: Row, shut: boolean) => {
    setClosed((last) => toggled(last, row.key, shut));
  };
  const toggleDetails = (row: Row) => {
    setActive(row.key);
    setOpened((last) => toggled(last, row.key, !last.has(row.key)));
  };
  const showFirstError = (row: Row) => {
    flushSync(() => {
      setClosed((last) => without(last, row));
      setOpened((last) => toggled(last, row.key, true));
    });
    moveTo(row);
  };
  const onKeyDown = (event: KeyboardEvent, row: Row) => {
    if (event.target !== event.currentTarget) return; // text in the details is to be selected and copied
    const here = rows.indexOf(row);
    const shut = closed.has(row.key);
    const moves: Record<string, () => void> = {
      ArrowDown: () => {
        moveTo(rows[here + 1]);
      },
      ArrowUp: () => {
        moveTo(rows[here - 1]);
      },
      Home: () => {
        moveTo(rows[0]);
      },
      End: () => {
        moveTo(rows.at(-1));
      },
      ArrowRight: () => {
        if (shut) fold(row, false);
        else moveTo(row.children[0]);
      },
      ArrowLeft: () => {
        if (row.children.length > 0 && !shut) fold(row, true);
        else moveTo(row.parent);
      },
      Enter: () => {
        toggleDetails(row);
      },
      ' ': () => {
        toggleDetails(row);
      },
    };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move();
  };

  return (
    <div className="waterfall">
      {first && (
        <p className="wf-why">
          <ErrorMark /> <span>{whyFailed(first)}</span>{' '}
          <button
            type="button"
            onClick={() => {
              showFirstError(first);
            }}
          >
            {words.toFirstError}
          </button>
        </p>
      )}
      <ul className="wf-legend" aria-label={words.services}>
        {servicesOf(trace.spans).map((service) => (
          <li key={service}>
            <ServiceDot service={service} /> {service}
          </li>
        ))}
      </ul>
      <div role="treegrid" aria-label={label} ref={grid} className="wf-grid">
        <div role="row" className="wf-row wf-head">
          <div role="columnheader">{words.span}</div>
          <div role="columnheader" className="wf-axis">
            <span className="hidden">{words.time}</span>
            {scale.ticks.map(({ us, at }) => (
              <span key={us} className="wf-tick" style={{ left: percent(at) }} aria-hidden="true">
                {us === 0 ? '0' : durationText(us)}
              </span>
            ))}
            {scale.breaks.map(({ from, to, us }) => (
              <span
                key={from}
                className="wf-break-label"
                style={{ left: percent(from), width: percent(to - from) }}
                aria-hidden="true"
                title={words.shortened}
              >
                {durationText(us)}
              </span>
            ))}
          </div>
        </div>
        {rows.map((row) => {
          const { key, span, depth, children } = row;
          const open = opened.has(key);
          return (
            <div
              key={key}
              role="row"
              data-key={key}
              aria-level={depth + 1}
              {...(children.length > 0 && { 'aria-expanded': !closed.has(key) })}
              tabIndex={key === current ? 0 : -1}
              className={`wf-row${open ? ' wf-open' : ''}${span.error === undefined ? '' : ' wf-failed'}`}
              style={{ '--depth': depth, '--service': colourOf(span.service) } as CSSProperties}
              onFocus={() => {
                setActive(key);
              }}
              onKeyDown={(event) => {
                onKeyDown(event, row);
              }}
            >
              <div role="gridcell" className="wf-name">
                <span className="wf-indent" aria-hidden="true" />
                {children.length > 0 ? (
                  <button
                    type="button"
                    tabIndex={-1}
                    className="wf-fold"
                    aria-label={closed.has(key) ? words.unfold : words.fold}
                    onClick={() => {
                      fold(row, !closed.has(key));
                    }}
                  >
                    <span aria-hidden="true">{closed.has(key) ? '▸' : '▾'}</span>
                  </button>
                ) : (
                  <span className="wf-fold" aria-hidden="true" />
                )}
                <button
                  type="button"
                  tabIndex={-1}
                  className="wf-title"
                  title={`${span.service} ${span.name}`}
                  aria-expanded={open}
                  onClick={() => {
                    toggleDetails(row);
                  }}
                >
                  <ServiceDot service={span.service} />
                  <span className="wf-service">{span.service}</span>{' '}
                  <span className="wf-span">{span.name}</span>
                  {span.error !== undefined && <ErrorMark />}
                  {row === first && <span className="wf-first">{words.firstError}</span>}
                </button>
              </div>
              <Bar row={row} scale={scale} onOpen={toggleDetails} />
              {open && (
                <div role="gridcell" className="wf-details">
                  <SpanDetails row={row} traceStartMs={trace.startMs} logs={logs} />
                </div>
              )}
            </div>
          );
        })}
      </div>
      {trace.omittedSpans !== undefined && (
        <p className="muted">{words.omittedSpans(trace.omittedSpans)}</p>
      )}
    </div>
  );
}

interface BarProps {
  row: Row;
  scale: TimeScale;
  onOpen: (row: Row) => void;
}

function Bar({ row, scale, onOpen }: BarProps) {
  const { span, waitUs, parent } = row;
  const from = scale.at(span.startUs);
  const to = scale.at(endOf(span));
  const sent = parent && waitUs !== undefined ? scale.at(endOf(parent.span)) : from;
  const duration = durationText(span.durationUs);
  return (
    <div
      role="gridcell"
      className="wf-time"
      onClick={() => {
        onOpen(row);
      }}
    >
      <span className="wf-lines" aria-hidden="true">
        {scale.ticks.map(({ us, at }) => (
          <i key={us} style={{ left: percent(at) }} />
        ))}
        {scale.breaks.map((pause) => (
          <b
            key={pause.from}
            style={{ left: percent(pause.from), width: percent(pause.to - pause.from) }}
          />
        ))}
        {waitUs !== undefined && (
          <em style={{ left: percent(sent), width: percent(Math.max(0, from - sent)) }} />
        )}
        <span className="wf-bar" style={{ left: percent(from), width: percent(to - from) }} />
        <span className="wf-duration" style={{ left: percent(to) }}>
          {duration}
        </span>
      </span>
      <span className="hidden">
        {words.bar(durationText(span.startUs), duration)}
        {waitUs !== undefined && ` ${words.waited(durationText(waitUs))}`}
      </span>
    </div>
  );
}

export function ServiceDot({ service }: { service: string }) {
  return (
    <span
      className="wf-dot"
      style={{ background: colourOf(service) }}
      aria-hidden="true"
      title={service}
    />
  );
}

export function ErrorMark() {
  return (
    <span className="wf-error">
      <span aria-hidden="true">!</span>
      <span className="hidden"> {words.failed}</span>
    </span>
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}

/** Without what is above the row. */
function without(closed: ReadonlySet<string>, { parent }: Row): ReadonlySet<string> {
  const next = new Set(closed);
  for (let at = parent; at; at = at.parent) next.delete(at.key);
  return next;
}

function toggled(set: ReadonlySet<string>, key: string, on: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (on) next.add(key);
  else next.delete(key);
  return next;
}
