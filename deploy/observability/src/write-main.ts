import '@sockshop/node-version'; // before all that an older Node cannot load

const { command, run } = await import('@sockshop/cli');
const { writeFile } = await import('node:fs/promises');
const path = await import('node:path');
const { dashboardFiles, DASHBOARDS_FOLDER } = await import('./dashboard-files.ts');

const WRITE = command('npm run dashboards --').description(
  "Writes Grafana's dashboards, deploy/observability/grafana/dashboards, from their source.",
);

WRITE.action(async () => {
  const files = dashboardFiles();
  for (const [name, text] of files) await writeFile(path.join(DASHBOARDS_FOLDER, name), text);
  console.log(`${files.size} dashboards written to ${DASHBOARDS_FOLDER}`);
});
await run(WRITE);
