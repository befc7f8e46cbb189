import { command, text } from '@sockshop/cli';

export const PACKAGE_CHECK = command('npm run package:check --')
  .description(
    `Packs libs/tracing, installs it in an empty project, and runs a program that uses it: with import and require, alone and in
OpenTelemetry's own NodeSDK. Prints the trace of each, and exits with 1 unless all are the same. It needs the package registry.`,
  )
  .option(
    '--node <VERSIONS>',
    'versions of Node, which it gets from the package registry',
    text,
    '20,22,24',
  );
