// The shop's ten designs: their colours, and the parts knitted in (pattern), laid on (inside, over) or standing behind.
import { circle, curve } from './svg.mjs';
import { element, ellipse, filled, group, line, rect, stroked } from './svg.mjs';

const range = (from, to, step) =>
  Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, i) => from + i * step);

const bands = (sp, colours, width, from = 0) =>
  range(from, sp.end + 40, width).map((s, i) =>
    filled(sp.band(s, s + width + 1), colours[i % colours.length]),
  );

/** A frayed hole: dark inside, a few threads left across. */
function hole(sp, s, t, r) {
  const rim = range(0, 10, 1).map((i) => {
    const reach = r * (1 + 0.07 * Math.sin(i * 2.4 + s));
    return [reach * Math.cos((i * Math.PI) / 5), reach * 0.86 * Math.sin((i * Math.PI) / 5)];
  });
  const threads = line([rim[0], rim[6]]) + line([rim[4], rim[7]]) + line([rim[1], rim[3]]);
  const d = `${curve([...rim, rim[0]])}Z`;
  return group(
    sp.place(s, t),
    element('path', { d, fill: '#6a65a0', stroke: '#e6d8b8', strokeWidth: 9 }),
    stroked(threads, '#e6d8b8', 4),
  );
}

export const holy = {
  colours: {
    base: '#fffaf0',
    cuff: '#f7e3a5',
    heel: '#f7d774',
    inside: '#c9b06a',
    stitch: '#d9a93a',
  },
  pattern: (sp) => [
    hole(sp, 150, 0.3, 34),
    hole(sp, 225, -0.42, 22),
    hole(sp, 300, 0.34, 26),
    hole(sp, sp.ankle + 62, 0.2, 33),
    hole(sp, sp.ankle - 34, 0.55, 17),
  ],
  inside: (sp) => hole(sp, sp.toe + 40, 0.1, 25),
};
export const halo = (x, y, tilt = -8, scale = 1) =>
  group(
    `translate(${x} ${y})rotate(${tilt})scale(${scale})`,
    element('ellipse', { rx: 96, ry: 27, fill: 'none', stroke: '#f3b72f', strokeWidth: 17 }),
    element('ellipse', { rx: 96, ry: 27, cy: -3, fill: 'none', stroke: '#ffe08a', strokeWidth: 6 }),
  );

const RAINBOW = ['#ef5d60', '#f79256', '#fbd15b', '#7bc96f', '#3fb8af', '#4f86e0', '#9a6bd8'];
export const colourful = {
  colours: { base: '#fff', cuff: '#4f86e0', heel: '#8a5a44', inside: '#2f569c', stitch: '#fff3dc' },
  pattern: (sp) => bands(sp, RAINBOW, 38, 60),
};

const LIME = '#c8f04b';
export const sport = {
  shape: { leg: 385 },
  colours: { base: '#26272e', cuff: '#35363f', heel: '#43454f', inside: '#121318', stitch: LIME },
  pattern: (sp) => [
    filled(sp.band(88, 108), '#fff'),
    filled(sp.band(120, 146), LIME),
    filled(sp.band(158, 178), '#fff'),
    ...[
      [-0.12, '#fff'],
      [0.14, LIME],
      [0.4, '#fff'],
    ].map(([t, colour]) => stroked(sp.along(t, sp.ankle - 60, sp.toe - 52), colour, 14)),
  ],
  over: (sp) =>
    group(
      sp.place(262, 0.04),
      stroked('M-60-42L-8 42M-8-42L-60 42', '#fff', 19),
      stroked('M20-42V42H62', LIME, 19),
    ),
};

export const weave = {
  colours: {
    base: '#1f2a33',
    cuff: '#16a394',
    heel: '#16a394',
    inside: '#0b5c54',
    stitch: '#f4d58d',
  },
  pattern: (sp) => {
    const [size, columns] = [46, 0.46];
    const strands = { down: [], across: [] };
    range(64, sp.end, size).forEach((s, row) => {
      range(-1.15, 1.15, columns).forEach((t, column) => {
        const over = (row + column) % 2 === 0;
        for (const k of [0.22, 0.5, 0.78]) {
          if (over)
            strands.down.push(line([0.1, 0.9].map((v) => sp.at(s + v * size, t + k * columns))));
          else
            strands.across.push(line([0.1, 0.9].map((v) => sp.at(s + k * size, t + v * columns))));
        }
      });
    });
    return (
      stroked(strands.down.join(''), '#f4d58d', 9) + stroked(strands.across.join(''), '#e9804d', 9)
    );
  },
};

export const crossed = {
  colours: {
    base: '#2c4a86',
    cuff: '#c8323f',
    heel: '#c8323f',
    inside: '#7d1a26',
    stitch: '#fdf1dd',
  },
  pattern: (sp) => {
    const [high, wide] = [66, 0.58];
    const rows = range(62, sp.end + 80, high);
    const diamond = (s, t) =>
      `${line([sp.at(s - high, t), sp.at(s, t + wide), sp.at(s + high, t), sp.at(s, t - wide)])}Z`;
    const column = (row) => (row % 2 ? [-wide, wide] : [-2 * wide, 0, 2 * wide]);
    const every = (nth, first) =>
      rows
        .flatMap((s, row) => (row % nth === first ? column(row).map((t) => diamond(s, t)) : []))
        .join('');
    const threads = [-1, 1].flatMap((way) =>
      range(-3, 5, 1).map((k) =>
        line(
          range(0, rows.length, 1).map((row) =>
            sp.at(rows[row] + 33, way * (k * 2 + row + 0.5) * wide - way * 9 * wide),
          ),
        ),
      ),
    );
    return [
      filled(every(2, 0), '#d9434f'),
      filled(every(4, 1), '#8dbcec'),
      stroked(threads.join(''), '#fdf1dd', 4, { strokeDasharray: '9 9' }),
    ];
  },
};

/** A palm frond, its stem's foot at 0, 0, about 100 high. */
export const frond = (stem, leaf) => {
  const leaflets = range(0, 5, 1).flatMap((i) =>
    [-1, 1].map((side) => {
      const y = -18 - i * 16;
      const reach = side * (46 - i * 6);
      return `M0 ${y}C${reach * 0.4} ${y - 22} ${reach} ${y - 16} ${reach} ${y - 2}C${reach * 0.7} ${y - 6} ${reach * 0.3} ${y - 2} 0 ${y + 9}Z`;
    }),
  );
  return (
    filled(`${leaflets.join('')}M-7-86Q0-130 7-86Z`.replace(/(\.\d)\d+/g, '$1'), leaf) +
    stroked('M0 4V-88', stem, 5)
  );
};
export const figueroa = {
  shape: { leg: 365 },
  colours: {
    base: '#1f7a5c',
    cuff: '#1d3f72',
    heel: '#1d3f72',
    inside: '#0f2448',
    stitch: '#bfe3c0',
  },
  pattern: (sp, id) => {
    const spots = [
      [150, -0.45, 24],
      [185, 0.55, -20],
      [275, -0.1, -30],
      [330, -0.75, 35],
      [345, 0.7, 15],
      [sp.ankle - 60, 0.35, 50],
      [sp.ankle + 66, -0.4, 20],
      [sp.ankle + 60, 0.65, 75],
    ];
    const leaves = [frond('#135540', '#86cf90'), frond('#2d5b9c', '#6ba3e0')];
    return [
      element(
        'defs',
        {},
        leaves.map((leaf, i) => element('g', { id: `${id}-leaf${i}` }, leaf)),
      ),
      ...spots.map(([s, t, turn], i) =>
        element('use', {
          href: `#${id}-leaf${i % 3 === 1 ? 1 : 0}`,
          transform: sp.place(s, t, `rotate(${turn})`),
        }),
      ),
    ];
  },
};

export const FUR = '#b97a4b';
export const DARK_FUR = '#7d4a2a';
export const cat = {
  shape: { leg: 320 },
  cuff: false,
  colours: { base: FUR, cuff: FUR, heel: '#f6e3cb', inside: DARK_FUR, stitch: '#fff7ea' },
  behind: (sp) => {
    const [x, y] = sp.edge(sp.leg - 8, -1);
    const tail = `M${Math.round(x + 20)} ${Math.round(y + 30)}c-80 10-130-40-104-98c16-36-26-56-36-22`;
    const ear = (side) =>
      group(
        `translate(${side * 58} 12)scale(${side} 1)`,
        filled('M-44 8C-32-40 4-84 26-92C40-60 44-20 38 20Z', FUR),
        filled('M-20 0C-12-28 6-54 18-62C26-40 28-18 26 6Z', '#f2a7a0'),
      );
    return (
      stroked(tail, FUR, 34) +
      stroked(tail, DARK_FUR, 34, { strokeDasharray: '14 46', strokeLinecap: 'butt' }) +
      ear(-1) +
      ear(1)
    );
  },
  pattern: (sp) => [
    ...range(262, sp.toe - 40, 46).map((s) =>
      filled(`${curve([sp.at(s, -1.5), sp.at(s + 22, -0.1), sp.at(s + 24, -1.5)])}Z`, DARK_FUR),
    ),
    ...range(sp.leg + 30, sp.toe - 40, 46).map((s) =>
      filled(`${curve([sp.at(s, 1.2), sp.at(s + 16, 0.5), sp.at(s + 20, 1.2)])}Z`, DARK_FUR),
    ),
    filled('M-10-20L-5 46H5L10-20ZM-44-20L-30 34H-22L-20-20ZM44-20L30 34H22L20-20Z', DARK_FUR),
  ],
  inside: (sp) => [
    filled(sp.band(206, 236), '#3f9d6b'),
    stroked([-0.32, 0.3].map((t) => sp.along(t, sp.toe + 30, sp.end + 20)).join(''), '#c79f78', 8),
  ],
  over: (sp) =>
    filled(sp.band(-6, 12, { bow: -10, reach: 0.98 }), FUR) +
    group(sp.place(112, 0.05), catFace()) +
    group(
      sp.place(240, 0.05),
      circle(0, 8, 20, '#f6c445'),
      stroked('M-13 8H13M0 8V18', '#9a6a12', 5),
    ),
};
export const catFace = () =>
  [
    ellipse(0, 44, 46, 34, '#f6e3cb'),
    ...[-38, 38].map(
      (x) =>
        circle(x, 0, 19, '#fff') + ellipse(x, 1, 11, 15, '#2b2440') + circle(x + 4, -6, 5, '#fff'),
    ),
    filled('M-13 22H13Q11 38 0 38Q-11 38-13 22Z', '#e8857f'),
    stroked('M0 38V46M0 46Q-10 62-24 52M0 46Q10 62 24 52', '#5b3320', 5),
    stroked('M-44 38L-82 30M-44 50L-80 54M44 38L82 30M44 50L80 54', '#fff7ea', 4),
  ].join('');

export const SKIN = '#f0b48c';
export const nerd = {
  shape: { leg: 110 },
  colours: {
    base: '#2f6fc9',
    cuff: '#1f4f9c',
    heel: '#1f4f9c',
    inside: '#12336b',
    stitch: '#bcd9ff',
  },
  pattern: (sp) => {
    const bits = range(96, sp.toe - 50, 46).flatMap((s, row) =>
      [-0.78, -0.44, -0.1, 0.24, 0.58, 0.9].map((t, column) => [
        s,
        t,
        (row * 5 + column * 3 + row * column) % 4 < 2,
      ]),
    );
    const ones = bits
      .filter(([, , one]) => one)
      .map(([s, t]) => line([sp.at(s, t), sp.at(s + 25, t)]));
    const zeros = bits.filter(([, , one]) => !one);
    return [
      stroked(ones.join(''), '#8fc1ff', 6),
      element(
        'g',
        { fill: 'none', stroke: '#8fc1ff', strokeWidth: 6 },
        zeros.map(([s, t]) =>
          element('ellipse', { rx: 8, ry: 12.5, transform: sp.place(s + 12, t) }),
        ),
      ),
    ];
  },
  over: (sp) => group(sp.place(sp.ankle + 30, 0.12, 'rotate(84)'), glasses()),
};
export const glasses = () =>
  [
    rect(-98, -34, 84, 66, 26, '#fff', 0.92),
    rect(14, -34, 84, 66, 26, '#fff', 0.92),
    stroked(
      'M-72-34H-40Q-14-34-14-6Q-14 32-56 32Q-98 32-98-6Q-98-34-72-34ZM40-34H72Q98-34 98-6Q98 32 56 32Q14 32 14-6Q14-34 40-34ZM-14-12Q0-22 14-12',
      '#1d1b2e',
      13,
    ),
    rect(-9, -26, 18, 20, 4, '#fdf6e3'),
    circle(-50, 2, 11, '#1d1b2e'),
    circle(62, 2, 11, '#1d1b2e'),
  ].join('');

/** Our own play button: a soft triangle on a disc. */
export const play = (scale, disc, triangle) =>
  group(
    `scale(${scale})`,
    disc ? circle(0, 0, 60, disc) : '',
    element('path', {
      d: 'M-15-25L27 0L-15 25Z',
      fill: triangle,
      stroke: triangle,
      strokeWidth: 14,
      strokeLinejoin: 'round',
    }),
  );
export const video = {
  colours: {
    base: '#5b3fa0',
    cuff: '#2ec4b6',
    heel: '#3d2875',
    inside: '#14756c',
    stitch: '#2ec4b6',
  },
  pattern: (sp) =>
    [
      [102, 0.7],
      [112, -0.62],
      [278, -0.66],
      [292, 0.6],
      [sp.ankle - 70, 0.62],
      [sp.ankle + 62, 0.62],
    ].map(([s, t], i) =>
      group(sp.place(s, t, `rotate(${i * 50 - 20})`), play(0.5, '', i % 2 ? '#ffb84d' : '#8f72d6')),
    ),
  over: (sp, { turn = 0 }) =>
    [
      group(
        sp.place(196, 0, `rotate(${turn})`),
        circle(0, 0, 70, '#3d2875'),
        play(1, '#ffcf70', '#5b3fa0'),
      ),
      stroked(sp.along(0, sp.ankle - 30, sp.toe - 56), '#d9cdf7', 14),
      stroked(sp.along(0, sp.ankle - 30, sp.ankle + 34), '#2ec4b6', 14),
      group(sp.place(sp.ankle + 34, 0), circle(0, 0, 17, '#fff')),
    ].join(''),
};

export const classic = {
  colours: {
    base: '#8a5f41',
    cuff: '#5f7f4a',
    heel: '#5f7f4a',
    inside: '#38502a',
    stitch: '#e8dcc0',
  },
  pattern: (sp) => [
    stroked(
      range(-0.9, 1, 0.2)
        .map((t) => sp.along(t, 50, sp.toe))
        .join(''),
      '#6f4a30',
      6,
    ),
    filled(sp.band(92, 104), '#e8dcc0'),
    filled(sp.band(114, 126), '#5f7f4a'),
  ],
};
