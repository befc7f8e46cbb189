import { DASHBOARDS } from './dashboards/all.ts';

export interface PanelQuery {
  readonly dashboard: string;
  readonly panel: string;
  /** As Grafana would send it for this range, with every service chosen. */
  readonly expr: string;
  readonly exemplars: boolean;
}

/** The queries of the dashboards whose series exist in a shop without Kubernetes, or of those for Kubernetes only. */
export function panelQueries(
  where: 'everywhere' | 'kubernetes',
  rangeSeconds: number,
): PanelQuery[] {
  return DASHBOARDS.filter(
    ({ needs }) => (needs === 'cAdvisor') === (where === 'kubernetes'),
  ).flatMap(({ title: dashboard, rows }) =>
    rows.flatMap(({ panels }) =>
      panels.flatMap(({ title: panel, queries }) =>
        queries.map(({ expr, exemplars = false }) => ({
          dashboard,
          panel,
          expr: filled(expr, rangeSeconds),
          exemplars,
        })),
      ),
    ),
  );
}

function filled(expr: string, rangeSeconds: number): string {
  return expr
    .replaceAll('$__rate_interval', `${rangeSeconds}s`)
    .replaceAll('$__range', `${rangeSeconds}s`)
    .replaceAll('$service', '.+');
}

/** The names of the metrics in an expression: what remains without labels, functions and lists of labels. */
export function metricNames(expr: string): string[] {
  const bare = expr
    .replaceAll(/\{[^}]*\}/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ');
  const words = [...bare.matchAll(/[a-zA-Z_:][\w:]*\b(?!\s*\()/g)].map(([word]) => word);
  return [...new Set(words.filter((word) => word === 'up' || /[_:]/.test(word)))];
}
