/** The page's only style sheet. */
export const styles = `
:root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --text: #1b1f24; --soft: #57606a; --line: #d0d7de;
  --accent: #0a5fc4; --tint: #e3eefc; --warn: #9a3412; --warn-tint: #ffedd5; --edge: #8c959f; --new: #116329; }
@media (prefers-color-scheme: dark) { :root { --page: #0d1117; --card: #161b22; --text: #e6edf3; --soft: #9da7b3;
  --line: #30363d; --accent: #79b8ff; --tint: #14294a; --warn: #fdba74; --warn-tint: #43210d; --edge: #6e7681; --new: #7ee787; } }
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
.split { display: grid; column-gap: 18px; grid-template-columns: minmax(0, 1fr); }
.figures { display: grid; gap: 10px; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); margin: 14px 0; }
.figures div { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 10px 14px; }
dt { color: var(--soft); font-size: 13px; }
dd { margin: 0; font-size: 13px; }
dd b { display: block; font-size: 1.25rem; font-weight: 650; }
.soft, .note, summary .soft { color: var(--soft); }
.verdict { border-left: 4px solid var(--accent); background: var(--tint); padding: 10px 14px; border-radius: 6px; font-weight: 600; }
.verdict.stop { border-color: var(--warn); background: var(--warn-tint); }
.scroll { overflow-x: auto; max-width: 100%; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
table { border-collapse: collapse; width: 100%; min-width: 760px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 6px 10px; border-bottom: 1px solid var(--line); font-weight: 400; }
table.small { min-width: 0; margin-bottom: 10px; }
@media (min-width: 720px) { table.small:not(:has(td:nth-child(6))) { width: auto; min-width: 480px; } }
.small th, .small td { padding: 5px 8px; text-align: right; }
.small tbody th { padding-left: 0; text-align: left; }
.small td svg { display: block; min-width: 100px; margin-top: 4px; }
.small :is(th, td):nth-child(6) { text-align: left; padding-left: 18px; width: 60%; }
.key { color: var(--soft); font-weight: 400; margin-right: 14px; white-space: nowrap; }
.key i { display: inline-block; width: 12px; height: 10px; margin-right: 5px; background: var(--accent); }
.key i:not(.range) { width: 3px; } .key i.required { background: var(--text); }
.range { fill: var(--accent); opacity: .4; }
.required { fill: var(--text); }
thead th, tbody th { font-weight: 600; }
.scroll tbody th { position: sticky; left: 0; background: var(--card); }
td.current, th.current { background: var(--tint); }
svg.topology { display: block; margin: 0 auto; height: auto; max-width: 100%; }
.edges path { fill: none; stroke: var(--edge); stroke-width: 1.4; }
marker path { fill: var(--edge); }
.box rect { fill: var(--card); stroke: var(--line); stroke-width: 1.5; }
.box text { fill: var(--text); font-size: 13.5px; font-weight: 600; text-anchor: middle; }
.box text.note { fill: var(--soft); font-size: 12px; font-weight: 400; }
.box.data rect { fill: var(--tint); }
.box.changed rect { stroke: var(--accent); stroke-width: 2.5; }
.box.replaced rect { stroke: var(--warn); stroke-width: 3; }
.box:hover rect, .box[aria-current] rect { stroke: var(--accent); stroke-width: 3; }
details { border-top: 1px solid var(--line); }
summary { cursor: pointer; padding: 8px 4px; overflow-wrap: anywhere; }
details.fold { margin-top: 8px; }
h3.group { display: block; margin: 14px 0 6px; }
details details { margin-left: 14px; }
code, pre { font: 13px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; background: var(--page); border-radius: 8px; padding: 10px; margin: 0 0 10px; }
.bars { list-style: none; padding: 0; margin: 0; }
.bar { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 12px; align-items: center; padding: 5px 0; }
.bar > span { overflow-wrap: anywhere; }
.bar > svg { order: 1; }
.figure { font-variant-numeric: tabular-nums; }
.track { fill: var(--line); }
.fill { fill: var(--accent); }
.over .fill { fill: var(--warn); }
.tag { border: 1px solid var(--line); border-radius: 999px; padding: 0 8px; font-size: 12px; white-space: nowrap; }
ul.changes { list-style: none; padding: 0; margin: 0 0 8px; }
ul.changes > li { padding: 6px 0 6px 4px; overflow-wrap: anywhere; }
ul.changes ul { padding-left: 22px; }
ul.changes details { margin: 0; border: 0; }
ul.changes summary { padding: 0; }
ul.changes summary code { word-break: break-all; }
ul.plain { padding-left: 20px; margin: 4px 0; overflow-wrap: anywhere; }
.tag.refused, .tag.replace, .tag.delete, .warning { border-color: var(--warn); color: var(--warn); }
pre.lines ins { color: var(--new); }
del { color: var(--warn); text-decoration: none; }
ins { text-decoration: none; }
.charts { display: grid; gap: 18px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 330px), 1fr)); }
.chart { margin: 0; max-width: 430px; } .chart figcaption { font-weight: 600; margin-bottom: 4px; }
.chart svg { display: block; width: 100%; height: auto; }
.chart text { fill: var(--soft); font-size: 11px; }
.chart .grid { stroke: var(--line); }
.line { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
.line.second { stroke: var(--new); stroke-dasharray: 6 3; } .line.third { stroke: var(--warn); stroke-dasharray: 2 2; }
.line.limit { stroke: var(--text); stroke-width: 1.5; stroke-dasharray: 8 4; }
.charts .key { display: inline-block; } .charts .key svg { display: inline-block; width: 24px; height: 8px; margin-right: 5px; }
table.wide td { text-align: right; } table.wide th[scope="col"] { text-align: right; }
@media (min-width: 720px) { .small tbody th { white-space: nowrap; } .bar > svg { order: 0; }
  .bar { display: grid; grid-template-columns: minmax(120px, 300px) minmax(0, 1fr) minmax(180px, 320px); } }
@media (max-width: 719px) { main, header { padding-left: 10px; padding-right: 10px; } section { padding: 14px 12px; }
  .small { font-size: 13px; } .small th, .small td { padding: 5px 0 5px 5px; } .small :is(th, td):nth-child(6) { display: none; } }
@media (min-width: 1100px) { .split { grid-template-columns: minmax(0, 500px) minmax(0, 1fr); }
  .split > :first-child { position: sticky; top: 0; align-self: start; }
  svg.topology { max-height: calc(100vh - 110px); } }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`;
