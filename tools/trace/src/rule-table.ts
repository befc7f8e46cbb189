import { RULES } from './rules.ts';

/** The rules as a table in Markdown; docs/trace-lint.md contains it. */
export function ruleTable(): string {
  const rows = Object.entries(RULES).map(
    ([id, { severity, title, advice }]) =>
      `| ${id} | ${severity} | ${cell(title)} | ${cell(advice)} |`,
  );
  return ['| Rule | Level | Finding | What to do |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

/** Braces and angle brackets are code. */
function cell(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replaceAll(
      /(?<![\w`])(?:\{[\w.]+\} ?)+/g,
      (it) => `\`${it.trimEnd()}\`${it.endsWith(' ') ? ' ' : ''}`,
    )
    .replaceAll(/[\w:/.]*<\w+>/g, '`$&`');
}

/** The same as text. */
export function ruleList(): string {
  return Object.entries(RULES)
    .map(
      ([id, { severity, title, advice }]) =>
        `${id.padEnd(5)} ${severity.padEnd(7)}  ${title}\n               ${advice}`,
    )
    .join('\n');
}
