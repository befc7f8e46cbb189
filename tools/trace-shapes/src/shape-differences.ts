import { baseOf, type ShapeNode, sizeOf, textOf } from './shape.ts';

/** One difference between a shape and the one that was expected. */
export interface ShapeDifference {
  readonly kind: 'added' | 'missing' | 'moved' | 'outcome';
  readonly title: string;
  /** A whole sentence. */
  readonly words: string;
}

/** A span and where it is. */
export interface Placed {
  readonly node: ShapeNode;
  /** Titles from the root to its parent. */
  readonly path: readonly string[];
}

/** Says in words what differs. Empty for equal shapes. The order of siblings does not matter. */
export function shapeDifferences(
  expected: readonly ShapeNode[],
  found: readonly ShapeNode[],
): ShapeDifference[] {
  const missing: Placed[] = [];
  const added: Placed[] = [];
  const outcomes: ShapeDifference[] = [];
  const compare = (
    wanted: readonly ShapeNode[],
    seen: readonly ShapeNode[],
    path: readonly string[],
  ): void => {
    const rest = [...seen];
    const take = (is: (node: ShapeNode) => boolean): ShapeNode | undefined => {
      const at = rest.findIndex(is);
      return at === -1 ? undefined : rest.splice(at, 1)[0];
    };
    // The best partner first: the same tree, then the same title, then the same operation with another outcome.
    let left = wanted.filter((node) => !take((other) => textOf([other]) === textOf([node])));
    left = left.filter((node) => {
      const partner = take((other) => other.title === node.title);
      if (partner) compare(node.children, partner.children, [...path, node.title]);
      return !partner;
    });
    left = left.filter((node) => {
      const partner = take((other) => baseOf(other.title) === baseOf(node.title));
      if (partner) {
        outcomes.push(outcome(node, partner, path));
        compare(node.children, partner.children, [...path, partner.title]);
      }
      return !partner;
    });
    missing.push(...left.map((node) => ({ node, path })));
    added.push(...rest.map((node) => ({ node, path })));
  };
  compare(expected, found, []);
  return [...outcomes, ...placeDifferences(missing, added)];
}

/** What is missing, new, or only has another parent. */
export function placeDifferences(
  gone: readonly Placed[],
  come: readonly Placed[],
): ShapeDifference[] {
  const missing = [...gone];
  const added = [...come];
  return [...moves(missing, added), ...missing.map(miss), ...added.map(add)];
}

/** Takes what only has another parent out of both lists, also where it is inside of what is new or gone. */
function moves(missing: Placed[], added: Placed[]): ShapeDifference[] {
  const found: ShapeDifference[] = [];
  for (const gone of [...missing]) {
    for (const [at, candidate] of added.entries()) {
      const there = within(candidate, gone.node.title);
      if (!there) continue;
      missing.splice(missing.indexOf(gone), 1);
      added.splice(at, 1, ...without(candidate, there));
      found.push(moved(gone, there));
      break;
    }
  }
  for (const come of [...added]) {
    for (const [at, candidate] of missing.entries()) {
      const there = within(candidate, come.node.title);
      if (!there) continue;
      added.splice(added.indexOf(come), 1);
      missing.splice(at, 1, ...without(candidate, there));
      found.push(moved(there, come));
      break;
    }
  }
  return found;
}

/** The first of this title in the tree. */
function within({ node, path }: Placed, title: string): Placed | undefined {
  if (node.title === title) return { node, path };
  for (const child of node.children) {
    const found = within({ node: child, path: [...path, node.title] }, title);
    if (found) return found;
  }
  return undefined;
}

/** The tree less one branch; nothing where the branch is all of it. */
function without({ node, path }: Placed, branch: Placed): Placed[] {
  if (node === branch.node) return [];
  const less = (from: ShapeNode): ShapeNode => ({
    title: from.title,
    children: from.children.filter((child) => child !== branch.node).map(less),
  });
  return [{ node: less(node), path }];
}

function outcome(wanted: ShapeNode, seen: ShapeNode, path: readonly string[]): ShapeDifference {
  const words = `${baseOf(seen.title)}${below(path)} ${ended(seen)}; expected: ${ended(wanted)}`;
  return { kind: 'outcome', title: seen.title, words };
}

function ended({ title }: ShapeNode): string {
  const failure = /\[([^\]]*)\]$/.exec(title)?.[1];
  return failure === undefined ? 'succeeds' : `ends with ${failure}`;
}

function moved(from: Placed, to: Placed): ShapeDifference {
  const words = `moved: ${from.node.title}, from ${parentOf(from)} to ${parentOf(to)}`;
  return { kind: 'moved', title: from.node.title, words };
}

function miss({ node, path }: Placed): ShapeDifference {
  return { kind: 'missing', title: node.title, words: `missing: ${whole(node)}${below(path)}` };
}

function add({ node, path }: Placed): ShapeDifference {
  return { kind: 'added', title: node.title, words: `new: ${whole(node)}${below(path)}` };
}

function whole(node: ShapeNode): string {
  const more = sizeOf(node) - 1;
  if (more === 0) return node.title;
  return `${node.title} with ${more === 1 ? 'the span' : `the ${more} spans`} below it`;
}

function parentOf({ path }: Placed): string {
  return path.at(-1) ?? 'the root';
}

function below(path: readonly string[]): string {
  const parent = path.at(-1);
  return parent === undefined ? '' : `, below ${parent}`;
}
