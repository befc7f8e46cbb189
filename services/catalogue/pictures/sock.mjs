// The sock in every picture: its parts are always the same, its colours and pattern come from a design.
import { spine } from './spine.mjs';
import { circle, element, filled, group, stroked } from './svg.mjs';

const CUFF = 62;
export const INK = '#2b2440'; // shade: laid over colours at a low opacity

/** A design on a shape (the spine's, and `turn`: degrees by which a picture on the sock is turned back upright). `id` must be unique within a picture: it names the clip path and, with a `-sock`, the drawing. */
export function sock(design, id, shape = {}) {
  const sp = spine({ ...design.shape, ...shape });
  const { colours } = design;
  const clip = (...children) => element('g', { clipPath: `url(#${id})` }, ...children);
  const stitches = { strokeDasharray: '2 13', opacity: 0.75 };
  return {
    id,
    spine: sp,
    svg: [
      element('clipPath', { id }, element('path', { d: sp.outline })),
      design.behind?.(sp, shape) ?? '',
      clip(
        filled(sp.outline, colours.base),
        design.pattern?.(sp, id) ?? '',
        filled(`${sp.heelPatch(0.86)}Z`, colours.heel),
        stroked(sp.heelPatch(1), colours.stitch, 5, stitches),
        filled(sp.band(sp.toe - 14, sp.end + 60, { bow: 20 }), colours.heel),
        stroked(sp.seam(sp.toe - 30, 20), colours.stitch, 5, stitches),
        design.inside?.(sp) ?? '',
        filled(sp.strip(-1.5, -0.62, -20, sp.end), INK, 0.1),
        filled(sp.strip(0.5, 0.68, CUFF + 30, sp.toe - 40), '#fff', 0.13),
        filled(sp.band(CUFF - 10, CUFF + 12), INK, 0.12),
      ),
      design.cuff === false ? '' : cuff(sp, colours),
      design.over?.(sp, shape) ?? '',
    ].join(''),
  };
}

function cuff(sp, colours) {
  const ribs = [-0.82, -0.55, -0.28, 0, 0.28, 0.55, 0.82].map((t) => {
    const dip = 13 * (1 - t * t);
    return sp.along(t, 12 + dip, CUFF - 12 + dip);
  });
  return [
    filled(sp.band(-4, 34, { bow: -14, reach: 1.06 }), colours.inside),
    filled(sp.band(-4, CUFF, { bow: 14, reach: 1.06 }), colours.cuff),
    stroked(ribs.join(''), INK, 6, { opacity: 0.13 }),
    filled(sp.strip(-1.06, -0.62, -2, CUFF + 2), INK, 0.1),
  ].join('');
}

/** A bare leg from above the cuff down into it. */
export const bareLeg = (sp, skin, from) =>
  filled(sp.band(from, 20, { bow: 0, reach: 0.86 }), skin) +
  filled(sp.strip(-0.86, -0.5, from, 18), INK, 0.09) +
  filled(sp.strip(0.3, 0.45, from, 8), '#fff', 0.16);

/**
 * Puts a sock's middle at x, y; `before` and `after` are drawn with it, `lift` lets it throw a shadow on what
 * is behind. `again` repeats one that is also in the picture, before or after it in the file.
 */
export function put({ id, spine: sp, svg }, x, y, options = {}) {
  const {
    scale = 1,
    rotate = 0,
    flip = false,
    again = false,
    lift = false,
    before = '',
    after = '',
  } = options;
  const [mx, my] = sp.middle.map((v) => Math.round(-v));
  const size = flip ? `scale(${-scale} ${scale})` : `scale(${scale})`;
  const transform = `translate(${x} ${y})rotate(${rotate})${size}translate(${mx} ${my})`;
  const shadow = lift ? group('translate(-14 12)', filled(sp.outline, INK, 0.16)) : '';
  return again
    ? element('use', { href: `#${id}-sock`, transform })
    : group(transform, shadow, element('g', { id: `${id}-sock` }, before, svg), after);
}

/** The soft field behind a sock: colour, a lighter disc, the sock's shadow on the floor. */
export const backdrop = (colour, { disc = 310, shadow = [415, 742, 190] } = {}) =>
  [
    element('rect', { width: 800, height: 800, fill: colour }),
    circle(400, 396, disc, '#fff', 0.45),
    shadow &&
      element('ellipse', {
        cx: shadow[0],
        cy: shadow[1],
        rx: shadow[2],
        ry: 15,
        fill: INK,
        opacity: 0.13,
      }),
  ].join('');

export const picture = (title, ...children) =>
  element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: '0 0 800 800', role: 'img' },
    element('title', {}, title),
    ...children,
  );
