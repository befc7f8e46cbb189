// The pictures, by the file names in the seed's rows, and the shop's logos.
import * as d from './designs.mjs';
import { INK, backdrop, bareLeg, picture, put, sock } from './sock.mjs';
import { spine } from './spine.mjs';
import { circle, element, ellipse, filled, group, rect, stroked } from './svg.mjs';

const range = (from, to, step) =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);
const WALKING = { bend: 88, leg: 250 };

const single = (design, { x = 400, y = 408, ...options } = {}) =>
  put(sock(design, 'a'), x, y, { rotate: -4, ...options });
const sparkle = (x, y, r, fill) => {
  const [up, right, down, left] = [
    `${x} ${y - r}`,
    `${x + r} ${y}`,
    `${x} ${y + r}`,
    `${x - r} ${y}`,
  ];
  return filled(
    `M${up}Q${x} ${y} ${right}Q${x} ${y} ${down}Q${x} ${y} ${left}Q${x} ${y} ${up}Z`,
    fill,
  );
};
const dots = (fill, ...places) => places.map(([x, y, r]) => circle(x, y, r, fill)).join('');

/** Sky above, sea below: the pair walks on it. */
function onWater() {
  const walker = sock(d.holy, 'a', { ...WALKING, leg: 270 });
  const ripples = (x, y, r) =>
    [1, 0.68, 0.36].map((k) => ellipse(x, y, r * k, 30 * k, '#fff', 0.35)).join('');
  return [
    element('rect', { width: 800, height: 800, fill: '#dfe8fb' }),
    circle(400, 396, 310, '#fff', 0.5),
    filled('M0 560Q100 535 200 560T400 560T600 560T800 560V800H0Z', '#8ec6e6'),
    filled('M0 670Q100 645 200 670T400 670T600 670T800 670V800H0Z', '#74b4db'),
    ripples(295, 606, 170),
    put(walker, 290, 392, { scale: 0.82, rotate: -7, again: true }),
    ripples(525, 716, 200),
    put(walker, 520, 500, { scale: 0.92, rotate: 3, lift: true }),
    d.halo(180, 150, -12, 0.85),
    d.halo(428, 218, 0, 0.95),
    sparkle(640, 190, 36, '#fff') +
      sparkle(84, 214, 24, '#f7d774') +
      sparkle(700, 340, 20, '#f7d774'),
  ];
}

/** A bug on the floor, running off. */
const bug = (x, y) =>
  group(
    `translate(${x} ${y})`,
    stroked('M-30 12L-40 30M-6 16V34M20 14L30 30M40-14Q58-34 70-26M34-20Q44-44 60-44', INK, 6),
    filled('M-48 18Q-48-34 0-34Q46-34 50 18Z', '#e14b5a'),
    filled('M28 18Q24-26 52-18Q74-6 66 18Z', INK),
    circle(54, -2, 6, '#fff'),
    dots(INK, [-22, -6, 8], [4, -16, 7], [8, 6, 7]),
  );

function running() {
  const runner = sock(d.sport, 'a', { bend: 84, leg: 300 });
  const leg = bareLeg(runner.spine, '#a8694a', -420);
  return [
    backdrop('#d9e8f5', { shadow: [330, 724, 210] }),
    stroked('M40 210H150M20 290H120M50 660H150M30 590H100', '#fff', 14),
    put(runner, 520, 310, { rotate: -30, scale: 0.72, again: true }),
    put(runner, 312, 436, { rotate: 10, scale: 0.88, before: leg, lift: true }),
    group('translate(-70 -62)scale(1.1)', bug(690, 690)),
  ];
}

/** A rolled sock: its pattern goes around the roll and ends in the cuff's flap. */
function rolled(design, id) {
  const sp = { ...spine({ leg: 900, half: 110 }), end: 170 };
  const { colours } = design;
  const barrel = 'M270 440H590C680 440 680 720 590 720H270Z';
  const ribs = range(300, 640, 36).map((x) => `M${x} 640V694`);
  return [
    ellipse(430, 716, 250, 20, INK, 0.16),
    element('clipPath', { id }, element('path', { d: barrel })),
    element(
      'g',
      { clipPath: `url(#${id})` },
      filled(barrel, colours.base),
      group('translate(435 760)scale(1.9 -1.9)', design.pattern(sp, id)),
      rect(200, 622, 500, 110, 0, colours.cuff),
      stroked(ribs.join(''), INK, 9, { opacity: 0.14 }),
      rect(200, 610, 500, 14, 0, INK, 0.14),
      rect(200, 690, 500, 40, 0, INK, 0.12),
      rect(200, 466, 500, 26, 0, '#fff', 0.16),
    ),
    ellipse(270, 580, 72, 140, colours.cuff),
    ellipse(270, 580, 58, 122, colours.inside),
    stroked(
      'M270 580C262 540 300 536 302 588C302 650 238 650 238 578C238 480 322 478 322 580C322 700 232 694 224 610',
      colours.base,
      15,
    ),
  ];
}

const peg = (x, y, turn) =>
  group(
    `translate(${x} ${y})rotate(${turn})`,
    rect(-13, -38, 26, 92, 9, '#e2a765'),
    rect(-13, -8, 26, 10, 0, '#a8713a'),
    rect(-3, 8, 6, 46, 3, '#a8713a', 0.6),
  );

/** On a line in the sun, between palms. */
function onTheLine() {
  const hung = sock(d.figueroa, 'a', { leg: 300 });
  const palm = (x, y, turn, size) =>
    group(`translate(${x} ${y})rotate(${turn})scale(${size})`, d.frond('#2c8c69', '#7cc79a'));
  return [
    backdrop('#cfeaf0', { shadow: null }),
    circle(650, 160, 76, '#ffd97a'),
    filled('M0 690Q200 650 400 690T800 680V800H0Z', '#f7dcae'),
    palm(-10, 800, 22, 2.4) +
      palm(60, 830, 58, 1.9) +
      palm(810, 800, -26, 2.5) +
      palm(720, 840, -60, 1.8),
    stroked('M-10 96Q400 190 810 96', '#7d6a58', 7),
    put(hung, 252, 362, { rotate: 3, scale: 0.82, again: true }),
    put(hung, 588, 360, { rotate: -5, scale: 0.82 }),
    peg(150, 126, 4) + peg(232, 138, 2) + peg(466, 138, -1) + peg(540, 132, -3),
  ];
}

/** A cat sock from below: the sole with its pads. */
const sole = () =>
  [
    filled(SOLE, d.FUR),
    filled(
      'M-88 20Q-20 30-10 44Q-30 58-86 60ZM88 20Q20 30 10 44Q30 58 86 60ZM-86 96Q-30 100-16 114Q-40 128-90 130ZM86 96Q30 100 16 114Q40 128 90 130Z',
      d.DARK_FUR,
    ),
    filled(
      'M-112-118Q-60-92-40-20Q0 10 40-20Q60-92 112-118C128-200 96-270 0-270C-96-270-128-200-112-118Z',
      '#f6e3cb',
    ),
    filled('M-96 176Q0 130 96 176C116 240 66 270 0 270C-66 270-116 240-96 176Z', '#f6e3cb'),
    filled(
      'M0-138C44-138 66-98 58-66C50-38 24-50 0-50C-24-50-50-38-58-66C-66-98-44-138 0-138Z',
      PAD,
    ),
    ...[
      [-78, -158, -18],
      [-30, -206, -6],
      [30, -206, 6],
      [78, -158, 18],
    ].map(([x, y, turn]) =>
      element('ellipse', {
        rx: 21,
        ry: 29,
        fill: PAD,
        transform: `translate(${x} ${y})rotate(${turn})`,
      }),
    ),
    stroked('M-96 166Q0 120 96 166', '#fff7ea', 5, { strokeDasharray: '2 13' }),
  ].join('');
const PAD = '#ee9a94';
const SOLE =
  'M0-270C76-270 122-226 120-156C118-90 88-30 88 60C88 130 106 150 106 194C106 242 62 270 0 270C-62 270-106 242-106 194C-106 150-88 130-88 60C-88-30-118-90-120-156C-122-226-76-270 0-270Z';

function soles() {
  const fish =
    filled('M0 0Q40-40 84 0L112-24V24L84 0Q40 40 0 0Z', '#5aa0c8') + circle(26, -5, 6, '#fff');
  return [
    backdrop('#f9e3cf', { shadow: [400, 752, 240] }),
    group('translate(570 620)', stroked('M0 60C120 70 150-40 96-90C60-116 40-70 66-58', d.FUR, 38)),
    group('translate(256 420)rotate(-8)scale(1.06)', sole()),
    group('translate(544 420)rotate(8)scale(1.06)', sole()),
    group('translate(345 116)rotate(-6)', fish),
  ];
}

function onTheFloor() {
  const standing = sock(d.nerd, 'a', { ...WALKING, leg: 120 });
  const leg = bareLeg(standing.spine, d.SKIN, -300);
  const hem = (y, height, wide, fill) => rect(-wide, y, 2 * wide, height, 12, fill);
  const trousers = [
    hem(-460, 330, 104, '#39425f'),
    rect(-104, -460, 36, 330, 0, INK, 0.25),
    hem(-180, 64, 112, '#56628a'),
    rect(-112, -180, 36, 64, 12, INK, 0.2),
  ].join('');
  return [
    backdrop('#fbe9c6', { shadow: null }),
    rect(0, 700, 800, 100, 0, '#e3c693'),
    ellipse(360, 708, 330, 18, INK, 0.14),
    put(standing, 270, 500, { scale: 0.98, again: true }),
    put(standing, 500, 530, { scale: 1.06, before: leg + trousers, lift: true }),
  ];
}

/** Feet up, a film on. */
function onThePouf() {
  const shape = { bend: 80, leg: 320, turn: 90 };
  const up = sock(d.video, 'a', shape);
  const leg = bareLeg(up.spine, '#8a573c', -400);
  return [
    element('rect', { width: 800, height: 800, fill: '#d5f0ec' }),
    rect(210, 70, 520, 316, 26, INK),
    rect(230, 90, 480, 276, 14, '#4a3d78'),
    filled('M230 366V310Q330 250 420 316T710 270V366Z', '#6a5aa6'),
    circle(620, 150, 30, '#ffcf70'),
    group('translate(430 220)', d.play(1.1, '#fff', '#5b3fa0')),
    rect(440, 386, 60, 40, 0, INK),
    rect(380, 418, 180, 18, 9, INK),
    put(up, 515, 478, { rotate: -96, scale: 0.86, again: true }),
    put(up, 405, 530, { rotate: -86, scale: 0.92, before: leg, lift: true }),
    rect(300, 706, 460, 120, 44, '#ff9f68'),
    rect(300, 706, 460, 34, 17, '#ffb98e'),
  ];
}

function banded() {
  const flat = sock(d.classic, 'a', { bend: 74 });
  const band = [
    rect(-104, 176, 290, 104, 8, '#fdf6e6'),
    rect(-104, 186, 290, 5, 0, '#5f7f4a'),
    rect(-104, 265, 290, 5, 0, '#5f7f4a'),
    group(
      'translate(4 228)',
      circle(0, 0, 27, '#5f7f4a'),
      filled('M-8-16H6V2Q18 4 16 12Q14 17 4 16L-4 12Q-10 8-8-2Z', '#fdf6e6'),
    ),
  ].join('');
  return [
    backdrop('#dfe9d2', { shadow: [420, 748, 230] }),
    put(flat, 484, 374, { rotate: 4, again: true }),
    put(flat, 356, 420, { lift: true, after: band }),
  ];
}

export const scenes = {
  'holy_1.jpeg': picture(
    'Holy: a white sock with holes and a halo',
    backdrop('#d5dff7', { shadow: [430, 752, 170] }),
    sparkle(150, 200, 34, '#fff') + sparkle(650, 250, 44, '#fff'),
    sparkle(690, 400, 22, '#f7d774') + sparkle(150, 560, 24, '#f7d774'),
    single(d.holy, { x: 405, y: 432, scale: 0.95 }),
    d.halo(306, 84),
  ),
  'holy_2.jpeg': picture('Holy: the pair walks on water', onWater()),
  'colourful_socks.jpg': picture(
    'Colourful: a sock in rainbow bands',
    backdrop('#fff0c9'),
    dots('#ef5d60', [640, 170, 16], [140, 640, 12]),
    dots('#3fb8af', [700, 330, 11], [150, 240, 15]),
    dots('#9a6bd8', [590, 330, 9], [130, 430, 10]),
    single(d.colourful),
  ),
  'puma_1.jpeg': picture(
    'SuperSport XL: a long black sock with stripes',
    backdrop('#ffcdb8'),
    stroked('M70 250H166M50 306H146M590 250H722M620 306H696', '#fff', 14),
    single(d.sport, { scale: 0.98 }),
  ),
  'puma_2.jpeg': picture('SuperSport XL: the pair runs after a bug', running()),
  'weave1.jpg': picture(
    'Weave special: a sock of woven strands',
    backdrop('#cbe6e0'),
    single(d.weave),
  ),
  'weave2.jpg': picture(
    'Weave special: one rolled up, one flat',
    backdrop('#f6dfc8', { shadow: [560, 742, 170] }),
    put(sock(d.weave, 'a'), 520, 372, { rotate: 4, scale: 0.94 }),
    group('translate(-96 226)scale(.71)', rolled(d.weave, 'b')),
  ),
  'cross_1.jpeg': picture(
    'Crossed: an argyle sock in red and blue',
    backdrop('#f8d8d6'),
    single(d.crossed),
  ),
  'cross_2.jpeg': picture(
    'Crossed: the pair, crossed',
    backdrop('#d4e2f4', { shadow: [400, 752, 250] }),
    put(sock(d.crossed, 'a', { bend: 56 }), 318, 420, {
      rotate: 33,
      flip: true,
      scale: 0.86,
      again: true,
    }),
    put(sock(d.crossed, 'a', { bend: 56 }), 482, 420, { rotate: -33, scale: 0.86, lift: true }),
  ),
  'WAT.jpg': picture(
    'Figueroa: a green sock with palm leaves',
    backdrop('#ffe0bd'),
    single(d.figueroa, { scale: 0.97 }),
  ),
  'WAT2.jpg': picture('Figueroa: the pair on a line between palms', onTheLine()),
  'catsocks.jpg': picture(
    'Cat socks: a sock with a cat',
    backdrop('#d7ebcf'),
    single(d.cat, { y: 430 }),
  ),
  'catsocks2.jpg': picture('Cat socks: the soles with paw pads', soles()),
  'bit_of_leg_1.jpeg': picture(
    'Nerd leg: an ankle sock with glasses on',
    backdrop('#d3e6f8', { shadow: [440, 742, 220] }),
    (() => {
      const ankle = sock(d.nerd, 'a');
      return put(ankle, 430, 500, {
        scale: 1.2,
        rotate: -4,
        before: bareLeg(ankle.spine, d.SKIN, -420),
      });
    })(),
  ),
  'bit_of_leg_2.jpeg': picture('Nerd leg: the pair under rolled-up trousers', onTheFloor()),
  'youtube_1.jpeg': picture(
    'YouTube.sock: a violet sock with play buttons',
    backdrop('#e6dbf8'),
    single(d.video),
  ),
  'youtube_2.jpeg': picture('YouTube.sock: feet up in front of a film', onThePouf()),
  'classic.jpg': picture(
    'Classic: a brown ribbed sock with green heel and toe',
    backdrop('#f2e4cf'),
    single(d.classic),
  ),
  'classic2.jpg': picture('Classic: the pair in its paper band', banded()),
};
/** The shop's own sock, without the small parts. */
const mark = (scale, x, y) => {
  const sp = spine({ leg: 300 });
  const brand = { id: 'm', spine: sp };
  brand.svg = [
    element('clipPath', { id: 'm' }, element('path', { d: sp.outline })),
    element(
      'g',
      { clipPath: 'url(#m)' },
      filled(sp.outline, '#ff6b5e'),
      filled(sp.band(120, 168), '#ffd166') + filled(sp.band(200, 248), '#fff6e6'),
      filled(`${sp.heelPatch(0.9)}Z${sp.band(sp.toe - 14, sp.end + 60, { bow: 20 })}`, '#2ec4b6'),
    ),
    filled(sp.band(-6, 40, { bow: -14, reach: 1.1 }), '#c9b58f'),
    filled(sp.band(-6, 66, { bow: 14, reach: 1.1 }), '#fff6e6'),
  ].join('');
  return put(brand, x, y, { rotate: -4, scale });
};
export const marks = {
  'logo.svg': picture('Sock Shop', circle(400, 400, 400, '#2f2a5a'), mark(0.98, 405, 405)),
  'favicon.svg': picture('Sock Shop', rect(0, 0, 800, 800, 180, '#2f2a5a'), mark(1.12, 405, 405)),
};

/** A sock without a background: the storefront hangs it on its own line. */
function alone(title, box, ...children) {
  const attributes = { xmlns: 'http://www.w3.org/2000/svg', viewBox: box, role: 'img' };
  return element('svg', attributes, element('title', {}, title), ...children);
}

function pegged(title, design) {
  const hung = sock(design, 'a', { leg: 300 });
  const [middle, depth] = hung.spine.middle;
  const pegs = peg(82, 60, -3) + peg(214, 60, 3);
  return alone(title, '0 0 480 634', put(hung, 148 + middle, 62 + depth), pegs);
}

export const storefront = {
  'line-colourful.svg': pegged('A sock in rainbow bands', d.colourful),
  'line-holy.svg': pegged('A white sock with holes', d.holy),
  'line-figueroa.svg': pegged('A green sock with palm leaves', d.figueroa),
  'line-video.svg': pegged('A violet sock', d.video),
  'line-crossed.svg': pegged('An argyle sock', d.crossed),
  'cat.svg': alone('A sock with a cat', '50 50 620 690', put(sock(d.cat, 'a'), 400, 430)),
  'logo.svg': marks['logo.svg'],
};
