// Which module may import which. All other rules are oxlint's (.oxlintrc.json), which takes a fifth of ESLint's time where a rule asks for types.
import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

await createProjectGraphAsync(); // the rule of module boundaries reads what this writes

/** Dependencies point one way: outside → deploy → services and tools → libs. */
const BASE = ['layer:tracing', 'layer:base', 'layer:testing'];
const RUNS = ['layer:lib', 'layer:tool', 'layer:parts'];
const depConstraints = [
  { sourceTag: 'layer:testing', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'layer:tracing', onlyDependOnLibsWithTags: ['layer:testing'] },
  { sourceTag: 'layer:base', onlyDependOnLibsWithTags: BASE },
  { sourceTag: 'layer:lib', onlyDependOnLibsWithTags: BASE },
  { sourceTag: 'layer:store', onlyDependOnLibsWithTags: [...BASE, 'layer:lib'] },
  {
    // The front-end's pages draw the parts; the rule below keeps them out of every service's own code.
    sourceTag: 'layer:service',
    onlyDependOnLibsWithTags: [
      ...BASE,
      'layer:lib',
      'layer:store',
      'layer:service-testing',
      'layer:parts',
    ],
  },
  { sourceTag: 'layer:parts', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'layer:service-testing', onlyDependOnLibsWithTags: [...BASE, 'layer:lib'] },
  {
    sourceTag: 'layer:deploy',
    onlyDependOnLibsWithTags: [...BASE, ...RUNS, 'layer:service', 'layer:deploy'],
  },
  { sourceTag: 'layer:tool', onlyDependOnLibsWithTags: [...BASE, ...RUNS] },
  {
    sourceTag: 'layer:outside',
    onlyDependOnLibsWithTags: [
      ...BASE,
      'layer:tool',
      'layer:parts',
      'layer:deploy',
      'layer:outside',
    ],
  },
];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.nx/**',
      '.sockshop/**',
      'services/catalogue/images/**',
    ],
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.base],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        // `allow`: what `npm run` does belongs to no package, and what starts a shop as `npm run` does reads it.
        // Programs import all after the check of Node's version, so the rule must not take that for loading on demand.
        {
          allow: ['/deploy/commands\\.mjs$'],
          depConstraints,
          checkDynamicDependenciesExceptions: ['.*'],
        },
      ],
    },
  },
  {
    // The API's `context` and `trace.getActiveSpan()` see nothing where an agent was loaded that brings an older API.
    files: ['**/*.ts'],
    ignores: ['libs/tracing/src/context.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'trace', property: 'getActiveSpan', message: 'Use `activeSpan()`.' },
      ],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          name: '@opentelemetry/api',
          importNames: ['context'],
          message: "Import `context` of '@sockshop/tracing'.",
        },
      ],
    },
  },
  {
    // A service does not know which way the shop runs: its variables say where its neighbours are.
    files: ['services/*/src/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', '@sockshop/parts'] },
  },
);
