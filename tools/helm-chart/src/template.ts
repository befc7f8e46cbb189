import YAML from 'yaml';

/** What a mark stands for, given the indentation of its line: the value of a key, or lines of its own. */
interface Marked {
  readonly alone: boolean;
  readonly lines: (indent: string) => readonly string[];
}

/**
 * Turns objects into templates: parts of an object are replaced by marks, and the marks, once the object is YAML, by Helm's expressions.
 * Objects stay objects until then, so that no text is searched for what is to be replaced.
 */
export class Template {
  private readonly marked: Marked[] = [];

  /** The value of a key: an expression of one line, such as `{{ .Values.nodePort }}`. */
  value(expression: string): string {
    return this.mark({ alone: false, lines: () => [expression] });
  }

  /** The value of a key: an object of the values, below the key. */
  object(path: string): string {
    const lines = (indent: string) => [`{{- toYaml ${path} | nindent ${indent.length + 2} }}`];
    return this.mark({ alone: false, lines });
  }

  /** An item of a list, or a key whose value means nothing, that stands for lines at its place. */
  lines(...lines: readonly string[]): string {
    return this.mark({ alone: true, lines: (indent) => lines.map((line) => `${indent}${line}`) });
  }

  /** The object's YAML with everything in its place. */
  text(object: unknown): string {
    return YAML.stringify(object, { lineWidth: 0, blockQuote: 'literal' })
      .split('\n')
      .flatMap((line) => {
        const [mark, index] = /\bHELM(\d+)MARK\b/.exec(line) ?? [];
        const marked = this.marked[Number(index)];
        if (mark === undefined || !marked) return [line];
        const { alone, lines } = marked;
        const indent = ' '.repeat(line.length - line.trimStart().length);
        return alone ? lines(indent) : [line.replace(mark, () => lines(indent).join('\n'))];
      })
      .join('\n');
  }

  private mark(marked: Marked): string {
    return `HELM${this.marked.push(marked) - 1}MARK`;
  }
}
