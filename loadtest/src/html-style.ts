/** The colours are those of the Observatory. The report loads nothing: its fonts are the reader's. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --bg: light-dark(#f8f4ec, #0d0b1c);
  --surface: light-dark(#fff, #15122a);
  --ink: light-dark(#241f4a, #f6f1e7);
  --muted: light-dark(#5f587a, #b3acd0);
  --line: light-dark(#e6dfd2, #2e2952);
  --accent: light-dark(#4437a8, #c9c0ff);
  --good: light-dark(#17633c, #86e3b4);
  --bad: light-dark(#a3211b, #ffa79b);
  --warn: light-dark(#b06a00, #ffd166);
  --rounded: Nunito, ui-rounded, 'SF Pro Rounded', 'Hiragino Maru Gothic ProN', system-ui, sans-serif;
}
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--bg); font: 0.875rem/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; font-variant-numeric: tabular-nums; }
main { display: grid; gap: 0.75rem; max-width: 80rem; margin-inline: auto; padding: 1rem clamp(0.75rem, 2vw, 1.5rem) 2rem; }
main > * { min-width: 0; }
h1, h2 { margin: 0; font-family: var(--rounded); font-weight: 800; line-height: 1.25; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1rem; }
p { margin: 0.25rem 0 0; overflow-wrap: anywhere; }
a { color: var(--accent); }
.muted { color: var(--muted); }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
.panel { margin: 0; padding: 0.75rem; background: var(--surface); border: 1px solid var(--line); border-radius: 0.6rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: 0.75rem; margin: 0; }
.figures div { padding: 0.6rem 0.75rem; }
.figures dt { color: var(--muted); }
.figures dd { margin: 0; font-family: var(--rounded); font-size: 1.35rem; font-weight: 800; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr)); gap: 0.75rem; }
figcaption { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: baseline; }
figcaption ul { display: flex; flex-wrap: wrap; gap: 0.25rem 0.9rem; margin: 0 0 0 auto; padding: 0; list-style: none; }
figcaption i { display: inline-block; width: 1rem; margin-right: 0.35rem; border-top: 3px solid var(--shade); vertical-align: 0.25em; }
.plot { position: relative; height: 13rem; margin: 0.9rem 0.75rem 1.6rem 3.2rem; border-bottom: 1px solid var(--muted); }
.plot svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }
.plot path { fill: none; vector-effect: non-scaling-stroke; }
.grid { stroke: var(--line); stroke-width: 1; }
.line { stroke: var(--shade); stroke-width: 2; stroke-linejoin: round; }
.tick, .time { position: absolute; color: var(--muted); font-size: 0.75rem; line-height: 1; white-space: nowrap; }
.tick { right: calc(100% + 0.4rem); transform: translateY(50%); }
.time { top: calc(100% + 0.45rem); transform: translateX(-50%); }
.main { --shade: var(--accent); }
.warn { --shade: var(--warn); }
.failed { --shade: var(--bad); }
.scroll { overflow-x: auto; margin: 0.5rem -0.75rem -0.75rem; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.3rem 0.75rem; text-align: right; white-space: nowrap; border-top: 1px solid var(--line); }
th { color: var(--muted); font-weight: 600; }
th:first-child, td:first-child, .text { text-align: left; }
tr.step td:first-child { padding-left: 1.75rem; color: var(--muted); }
td.wide { white-space: normal; overflow-wrap: anywhere; min-width: 14rem; text-align: left; }
@media print { .panel { break-inside: avoid; } }
`;
