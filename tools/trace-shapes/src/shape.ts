/** A span of a shape and what it caused. */
export interface ShapeNode {
  /** `orders CLIENT post /shipping`, with the failure in brackets where there is one. */
  readonly title: string;
  readonly children: readonly ShapeNode[];
}

/** What a shape reads of a span. */
export interface ShapeSpan {
  readonly id: string;
  readonly parentId?: string | undefined;
  readonly service: string;
  readonly kind: string;
  readonly name: string;
  readonly error?: boolean | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/**
 * The tree of a whole trace. Siblings are in alphabetical order, because some run at the same time. Two differences do not change a shape:
 * how many steps a store needs, which is a matter of its adapter and of the state that it finds (they are one line, `STORE`), and how
 * often an attempt was repeated with the same outcome.
 */
export function shapeOf(spans: readonly ShapeSpan[]): ShapeNode[] {
  const ids = new Set(spans.map(({ id }) => id));
  const children = new Map<string, ShapeSpan[]>();
  const roots: ShapeSpan[] = [];
  for (const span of spans) {
    const { parentId } = span;
    if (parentId === undefined || !ids.has(parentId)) roots.push(span);
    else children.set(parentId, [...(children.get(parentId) ?? []), span]);
  }
  const node = (span: ShapeSpan): ShapeNode => ({
    title: titleOf(span),
    children: isStore(span) ? [] : merged(children.get(span.id) ?? [], node),
  });
  return merged(roots, node);
}

/** The text of a golden file: one span a line, two spaces for each step down. */
export function textOf(nodes: readonly ShapeNode[]): string {
  return nodes.map((node) => `${linesOf(node).join('\n')}\n`).join('');
}

/** Reads what `textOf` writes. @throws Error naming the line that is indented too far */
export function parseShape(text: string): ShapeNode[] {
  const roots: { title: string; children: ShapeNode[] }[] = [];
  const open: { children: ShapeNode[] }[] = [{ children: roots }];
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const depth = (line.length - line.trimStart().length) / 2;
    const parent = open[depth];
    if (!parent) throw new Error(`line ${index + 1} is indented too far: ${line.trim()}`);
    const node = { title: line.trim(), children: [] };
    parent.children.push(node);
    open.splice(depth + 1, Infinity, node);
  });
  return roots;
}

/** How many spans it has, itself included. */
export function sizeOf({ children }: ShapeNode): number {
  return children.reduce((sum, child) => sum + sizeOf(child), 1);
}

/** Without the failure. */
export function baseOf(title: string): string {
  return title.replace(/ \[[^\]]*\]$/, '');
}

/** A call of a database: of a server or of one inside the process. */
export function isStore({ attributes }: ShapeSpan): boolean {
  return attributes['db.system.name'] !== undefined;
}

/** Names in small letters, as Zipkin keeps them. */
function titleOf(span: ShapeSpan): string {
  const failure = failureOf(span);
  const what = isStore(span) ? 'STORE' : `${span.kind} ${span.name.toLowerCase()}`;
  return `${span.service} ${what}${failure === undefined ? '' : ` [${failure}]`}`;
}

/** The status of a refusal or failure; else what kind of failure it is. */
function failureOf({ attributes, error }: ShapeSpan): string | undefined {
  const status = Number(attributes['http.response.status_code'] ?? 0);
  if (status >= 400) return String(status);
  if (error !== true) return undefined;
  const type = attributes['error.type'];
  return typeof type === 'string' ? type : 'error';
}

function merged(spans: readonly ShapeSpan[], node: (span: ShapeSpan) => ShapeNode): ShapeNode[] {
  const nodes = spans.map((span) => ({ node: node(span), repeats: repeats(span) }));
  const keyed = nodes.map((each) => ({ ...each, key: linesOf(each.node).join('\n') }));
  keyed.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
  return keyed
    .filter(({ key, repeats }, index) => !(repeats && key === keyed[index - 1]?.key))
    .map(({ node }) => node);
}

/** Whether a second one like it says nothing new. */
function repeats(span: ShapeSpan): boolean {
  return isStore(span) || span.attributes['error.type'] !== undefined || span.error === true;
}

function linesOf({ title, children }: ShapeNode): string[] {
  return [title, ...children.flatMap(linesOf).map((line) => `  ${line}`)];
}
