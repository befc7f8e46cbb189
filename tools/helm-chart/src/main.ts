import '@sockshop/node-version'; // before all that an older Node cannot load

const { run } = await import('@sockshop/cli');
const { HELM_CHART } = await import('./options.ts');
const { writeChart } = await import('./write-chart.ts');

HELM_CHART.action(writeChart);
await run(HELM_CHART);
