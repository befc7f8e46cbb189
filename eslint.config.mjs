import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Dependencies point one way: outside → deploy → services and tools → libs. The rule needs Nx's project graph: run lint through Nx. */
const BASE = ['layer:tracing', 'layer:base', 'layer:testing'];
const depConstraints = [
  { sourceTag: 'layer:testing', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'layer:tracing', onlyDependOnLibsWithTags: ['layer:testing'] },
  { sourceTag: 'layer:base', onlyDependOnLibsWithTags: BASE },
  { sourceTag: 'layer:lib', onlyDependOnLibsWithTags: BASE },
  { sourceTag: 'layer:store', onlyDependOnLibsWithTags: [...BASE, 'layer:lib'] },
  { sourceTag: 'layer:service', onlyDependOnLibsWithTags: [...BASE, 'layer:lib', 'layer:store'] },
  {
    sourceTag: 'layer:deploy',
    onlyDependOnLibsWithTags: [...BASE, 'layer:lib', 'layer:service', 'layer:tool', 'layer:deploy'],
  },
  { sourceTag: 'layer:tool', onlyDependOnLibsWithTags: [...BASE, 'layer:lib', 'layer:tool'] },
  {
    sourceTag: 'layer:outside',
    onlyDependOnLibsWithTags: [...BASE, 'layer:tool', 'layer:deploy', 'layer:outside'],
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
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { allow: [], depConstraints }],
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off', // Nest takes options as plain objects
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: ['**/test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  prettier,
);
