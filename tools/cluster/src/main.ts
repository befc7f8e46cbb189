import '@sockshop/node-version'; // before all that an older Node cannot load

await import('./commands.ts');
