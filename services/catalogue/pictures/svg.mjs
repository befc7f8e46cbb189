// Small helpers for writing SVG text. Coordinates are whole numbers in an 800 × 800 field.

const number = (value) => String(Math.round(value));
const point = ([x, y]) => `${number(x)} ${number(y)}`;

/** An element; attributes in camelCase become SVG's kebab-case, undefined ones are left out. */
export function element(name, attributes = {}, ...children) {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${attributeName(key)}="${value}"`)
    .join('');
  const inner = children.flat().join('');
  return inner ? `<${name}${written}>${inner}</${name}>` : `<${name}${written}/>`;
}

/** SVG's own names are camelCase only here. */
const attributeName = (key) =>
  ['viewBox', 'clipPathUnits'].includes(key)
    ? key
    : key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export const group = (transform, ...children) => element('g', { transform }, ...children);
export const filled = (d, fill, opacity) => element('path', { d, fill, opacity });
export const circle = (cx, cy, r, fill, opacity) => element('circle', { cx, cy, r, fill, opacity });
export const ellipse = (cx, cy, rx, ry, fill, opacity) =>
  element('ellipse', { cx, cy, rx, ry, fill, opacity });
export const rect = (x, y, width, height, rx, fill, opacity) =>
  element('rect', { x, y, width, height, rx, fill, opacity });
export const stroked = (d, stroke, width, more = {}) =>
  element('path', {
    d,
    fill: 'none',
    stroke,
    strokeWidth: width,
    strokeLinecap: 'round',
    strokeLinejoin: 'round',
    ...more,
  });

/** Straight lines through the points. */
export const line = (points) => `M${points.map(point).join('L')}`;

/** A smooth curve through the points (Catmull-Rom, written as cubic Béziers). */
export function curve(points) {
  const parts = points.slice(1).map((to, i) => {
    const from = points[i];
    const before = points[i - 1] ?? from;
    const after = points[i + 2] ?? to;
    const out = from.map((v, k) => v + (to[k] - before[k]) / 6);
    const into = to.map((v, k) => v - (after[k] - from[k]) / 6);
    return `C${point(out)} ${point(into)} ${point(to)}`;
  });
  return `M${point(points[0])}${parts.join('')}`;
}
/** A smooth curve that goes on from where the path is. */
export const onwards = (points) => curve(points).replace(/^M/, 'L');
