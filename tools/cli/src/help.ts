import { type CommandLine, optionName } from './command-line.ts';

const COLUMNS = 100;

/** How a command is called, in a line. */
export function usage({ call, operands = [] }: CommandLine): string {
  return [call, ...operands, '[options]'].join(' ');
}

/** All that can stand on its command line. */
export function help(line: CommandLine): string {
  const rows = Object.entries(line.options).map(
    ([key, { value, help, otherwise }]): [string, string] => [
      value === undefined ? `--${optionName(key)}` : `--${optionName(key)} ${value}`,
      otherwise === undefined ? help : `${help} (${otherwise})`,
    ],
  );
  const options = described([...rows, ['--help', 'this text']]);
  const notes = line.notes === undefined ? [] : [line.notes];
  return [usage(line), line.about, options, ...notes].join('\n\n');
}

/** Names on the left, what they mean on the right, wrapped. */
export function described(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  const indent = ' '.repeat(2 + width + 2);
  return rows
    .map(([name, text]) => {
      const lines = wrapped(text, COLUMNS - indent.length);
      return `  ${name.padEnd(width)}  ${lines.join(`\n${indent}`)}`;
    })
    .join('\n');
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trimStart();
    if (lines.length > 0 && longer.length <= columns) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
