/* oxlint-disable typescript/no-deprecated -- Grafana reads files of the first form in every release; those of the second one only in its newest */
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { VizLegendOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
} from '@grafana/grafana-foundation-sdk/common';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as LinesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { DashboardSource, PanelSource, QuerySource } from './panel.ts';

/** As the provisioned source is called, in Compose and in Kubernetes. */
const PROMETHEUS = { type: 'prometheus', uid: 'prometheus' };
const WIDTH = { lines: 12, stacked: 12, stat: 4 };
const HEIGHT = { lines: 8, stacked: 8, stat: 4 };

/** The dashboard as Grafana loads it. */
export function built(source: DashboardSource): Dashboard {
  const { id, title, about, needs, choosesService, rows } = source;
  const dashboard = new DashboardBuilder(title)
    .uid(`sock-shop-${id.replace(/^sock-shop-/, '')}`)
    .description(about)
    .tags(['sock-shop', `needs-${needs.toLowerCase()}`])
    .time({ from: 'now-15m', to: 'now' })
    .refresh('5s')
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder('Sock Shop')
        .type(DashboardLinkType.Dashboards)
        .tags(['sock-shop'])
        .asDropdown(true)
        .keepTime(true),
    );
  if (choosesService) dashboard.withVariable(serviceVariable());
  for (const row of rows) {
    dashboard.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) dashboard.withPanel(panelOf(panel));
  }
  return dashboard.build();
}

function serviceVariable(): QueryVariableBuilder {
  return new QueryVariableBuilder('service')
    .label('Service')
    .datasource(PROMETHEUS)
    .query('label_values(http_server_request_duration_seconds_count, name)')
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ selected: true, text: 'All', value: '$__all' });
}

function panelOf(source: PanelSource): Builder<Panel> {
  const { title, about, unit, queries, kind = 'lines', width = WIDTH[kind] } = source;
  const panel = kind === 'stat' ? stat() : lines(kind === 'stacked');
  panel
    .title(title)
    .unit(unit)
    .datasource(PROMETHEUS)
    .span(width)
    .height(HEIGHT[kind])
    .targets(queries.map((query, index) => queryOf(query, index, kind === 'stat')));
  if (about !== undefined) panel.description(about);
  return panel;
}

function stat(): StatBuilder {
  return new StatBuilder().reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']));
}

function lines(stacked: boolean): LinesBuilder {
  const panel = new LinesBuilder()
    .min(0)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    );
  if (!stacked) return panel;
  return panel.fillOpacity(40).stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
}

/** One that covers the whole time shown is asked once, at its end. */
function queryOf({ expr, legend, exemplars }: QuerySource, index: number, once: boolean) {
  const query = new DataqueryBuilder()
    .refId(String.fromCharCode(65 + index)) // A, B, C …
    .datasource(PROMETHEUS)
    .expr(expr)
    .legendFormat(legend);
  if (exemplars) query.exemplar(true);
  return once ? query.instant() : query.range();
}
