// Positions on a sock: s runs down the sock from the cuff to the toe (in SVG units), t across it
// from the back (-1) to the front (+1). Patterns are written in s and t, so they follow the heel's bend.
import { curve, line, onwards } from './svg.mjs';

const TOE = 100; // length of the rounded end
const steps = (from, to, count) =>
  Array.from({ length: count + 1 }, (_, i) => from + ((to - from) * i) / count);

/** `bend` in degrees: 90 stands on the floor, less lets the toe hang. */
export function spine({ leg = 330, bend = 66, foot = 145, half = 92, radius = 130 } = {}) {
  const turn = (bend * Math.PI) / 180;
  const ankle = leg + radius * turn; // where the foot's straight part begins
  const heel = leg + radius * turn * 0.5;
  const toe = ankle + foot;
  const end = toe + TOE;

  const angle = (s) => Math.min(Math.max((s - leg) / radius, 0), turn);
  const centre = (s) => {
    if (s <= leg) return [0, s];
    const a = angle(s);
    const beyond = Math.max(s - ankle, 0);
    return [
      radius - radius * Math.cos(a) + beyond * Math.sin(a),
      leg + radius * Math.sin(a) + beyond * Math.cos(a),
    ];
  };
  const width = (s, t) => {
    const taper = half * (s < leg ? 1 - 0.06 * Math.max(s / leg, 0) : 0.94);
    const bump = t < 0 ? 0.3 * half * Math.exp(-(((s - heel - 4) / 84) ** 2)) : 0;
    const rounding = s > toe ? Math.sqrt(Math.max(1 - ((s - toe) / TOE) ** 2, 0)) : 1;
    return (taper + bump) * rounding;
  };

  /** The point at s, t; `bow` pushes the middle down the sock, as a band around a leg looks from above. */
  const at = (s, t, bow = 0) => {
    const along = s + bow * (1 - t * t);
    const [x, y] = centre(along);
    const a = angle(along);
    const w = t * width(Math.min(along, toe), t);
    return [x + w * Math.cos(a), y - w * Math.sin(a)];
  };
  const edge = (s, side) => {
    const [x, y] = centre(s);
    const a = angle(s);
    const w = side * width(s, side);
    return [x + w * Math.cos(a), y - w * Math.sin(a)];
  };

  const down = [0, leg * 0.5, leg * 0.85, ...steps(leg, ankle, 5), (ankle + toe) / 2];
  const round = steps(0, Math.PI / 2, 4).map((a) => toe + TOE * Math.sin(a));
  const front = [...down, ...round].map((s) => edge(s, 1));
  const back = [...down, ...round].map((s) => edge(s, -1)).reverse();
  const outline = `${curve([...front, ...back.slice(1)])}Z`;
  const xs = [...front, ...back].map(([x]) => x);
  const ys = [...front, ...back].map(([, y]) => y);
  const middle = [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];

  const across = (s, bow, reach = 1.15) => [-1, -0.5, 0, 0.5, 1].map((t) => at(s, t * reach, bow));
  return {
    ...{ leg, heel, ankle, toe, end, half, outline, middle, at, edge },
    /** The area between two places down the sock. */
    band: (from, to, { bow = 12, reach = 1.15 } = {}) => {
      const middles = steps(from, to, Math.max(1, Math.round((to - from) / 60))).slice(1, -1);
      const right = middles.map((s) => at(s, reach));
      const left = middles.map((s) => at(s, -reach)).reverse();
      const lower = across(to, bow, reach).reverse();
      return `${curve(across(from, bow, reach))}${onwards([...right, ...lower])}${left.length ? line(left).replace('M', 'L') : ''}Z`;
    },
    /** A line across at s. */
    seam: (s, bow = 12) => curve(across(s, bow, 1)),
    /** A line down the sock at t. */
    along: (t, from, to) =>
      curve(steps(from, to, Math.ceil((to - from) / 60)).map((s) => at(s, t))),
    /** The strip between two values of t, for light and shade. */
    strip: (t0, t1, from, to) => {
      const places = steps(from, to, Math.ceil((to - from) / 50));
      const one = places.map((s) => at(s, t0));
      const other = places.map((s) => at(s, t1)).reverse();
      return `${curve(one)}${onwards(other)}Z`;
    },
    /** The heel patch: a leaf-shaped piece with its tip towards the instep. */
    heelPatch: (size = 1) => {
      const upper = [at(heel - 94 * size, -1.6), at(heel - 60 * size, -0.6), at(heel, 0.02 * size)];
      const lower = [at(heel + 60 * size, -0.6), at(heel + 94 * size, -1.6), at(heel, -2.6)];
      return curve([...upper, ...lower]);
    },
    /** A transform to draw upright at s, t: x towards the front, y down the sock. */
    place: (s, t, more = '') => {
      const [x, y] = at(s, t).map(Math.round);
      return `translate(${x} ${y})rotate(${Math.round((-angle(s) * 180) / Math.PI)})${more}`;
    },
  };
}
