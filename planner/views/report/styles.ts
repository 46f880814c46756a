/** The page's only style sheet. */
export const styles = `
:root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --text: #1b1f24; --soft: #57606a; --line: #d0d7de;
  --accent: #0a5fc4; --tint: #e3eefc; --warn: #9a3412; --warn-tint: #ffedd5; --edge: #8c959f; }
@media (prefers-color-scheme: dark) { :root { --page: #0d1117; --card: #161b22; --text: #e6edf3; --soft: #9da7b3;
  --line: #30363d; --accent: #79b8ff; --tint: #14294a; --warn: #fdba74; --warn-tint: #43210d; --edge: #6e7681; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; }
main, header { max-width: 1280px; margin: 0 auto; padding: 0 16px; }
header { padding-top: 28px; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 6px; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 0 0 12px; }
h3 { font-size: 1rem; margin: 0; display: inline; font-weight: 600; overflow-wrap: anywhere; }
p { margin: 0 0 8px; overflow-wrap: anywhere; }
a { color: var(--accent); }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; padding: 0; margin: 12px 0 0; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 18px; margin: 18px 0; }
.split { display: grid; gap: 18px; grid-template-columns: minmax(0, 1fr); }
.soft, .note, summary .soft { color: var(--soft); }
.verdict { border-left: 4px solid var(--accent); background: var(--tint); padding: 10px 14px; border-radius: 6px; font-weight: 600; }
.verdict.stop { border-color: var(--warn); background: var(--warn-tint); }
.scroll { overflow-x: auto; max-width: 100%; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
table { border-collapse: collapse; width: 100%; min-width: 760px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 6px 10px; border-bottom: 1px solid var(--line); font-weight: 400; }
table.small { width: auto; min-width: 0; margin-bottom: 10px; }
.small th, .small td { padding: 4px 8px 4px 0; }
thead th, tbody th { font-weight: 600; }
td.current, th.current { background: var(--tint); }
svg.topology { display: block; margin: 0 auto; width: auto; height: auto; max-width: max(100%, 620px); }
.edges path { fill: none; stroke: var(--edge); stroke-width: 1.4; }
marker path { fill: var(--edge); }
.box rect { fill: var(--card); stroke: var(--line); stroke-width: 1.5; }
.box text { fill: var(--text); font-size: 14px; font-weight: 600; text-anchor: middle; }
.box text.note { fill: var(--soft); font-size: 12px; font-weight: 400; }
.box.data rect { fill: var(--tint); }
.box.marked rect { stroke: var(--warn); stroke-width: 3; }
.box:hover rect, .box[aria-current] rect { stroke: var(--accent); stroke-width: 3; }
details { border-top: 1px solid var(--line); }
summary { cursor: pointer; padding: 8px 4px; }
details details { margin-left: 14px; }
code, pre { font: 13px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; background: var(--page); border-radius: 8px; padding: 10px; margin: 0 0 10px; }
.bars { list-style: none; padding: 0; margin: 0; }
.bar { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2px 12px; align-items: center; padding: 5px 0; }
.bar > span { overflow-wrap: anywhere; }
.figure { font-variant-numeric: tabular-nums; }
.track { fill: var(--line); }
.fill { fill: var(--accent); }
.over .fill { fill: var(--warn); }
.tag { border: 1px solid var(--line); border-radius: 999px; padding: 0 8px; font-size: 12px; white-space: nowrap; }
ul.changes { list-style: none; padding: 0; margin: 0 0 8px; }
ul.changes > li { padding: 6px 0 6px 4px; overflow-wrap: anywhere; }
ul.changes ul { padding-left: 22px; }
del { color: var(--warn); text-decoration: none; }
ins { text-decoration: none; }
@media (min-width: 720px) { .bar { grid-template-columns: minmax(120px, 250px) minmax(0, 1fr) minmax(180px, 260px); } }
@media (min-width: 1180px) { .split { grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr); }
  .split > :first-child { position: sticky; top: 0; align-self: start; }
  svg.topology { max-width: 100%; max-height: calc(100vh - 110px); } }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`;
