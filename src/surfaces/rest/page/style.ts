/** Style of the page. It has no other resources. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fff; --raised: #f6f7f9; --line: #dfe3e8; --text: #1b1f24; --quiet: #5a6470; --link: #0a58ca;
  --get: #0a6640; --post: #0a4a9e; --put: #8a5200; --patch: #6b3fa0; --delete: #b3261e; --other: #4a5560;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --raised: #1c2127; --line: #313842; --text: #e4e8ed; --quiet: #9aa5b1; --link: #7db3ff;
    --get: #63d297; --post: #7db3ff; --put: #f0b35c; --patch: #c5a3f5; --delete: #ff8f87; --other: #aeb8c3;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main, header { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
main { padding-top: .75rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; overflow-wrap: anywhere; }
h3 { font-size: .8rem; letter-spacing: .04em; text-transform: uppercase; color: var(--quiet); margin: 1.25rem 0 .35rem; }
p { margin: .5rem 0; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
code, pre { font: .875em/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .75rem; margin: .35rem 0;
  overflow-x: auto; }
.quiet { color: var(--quiet); }
.text { white-space: pre-line; overflow-wrap: anywhere; }
.facts { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; color: var(--quiet); margin: .5rem 0; }
.facts code { overflow-wrap: anywhere; }
details { border: 1px solid var(--line); border-radius: 8px; margin: .5rem 0; background: var(--ground); }
summary { display: flex; flex-wrap: wrap; gap: .1rem .75rem; align-items: baseline; padding: .6rem .85rem;
  cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary:hover, details[open] > summary { background: var(--raised); border-radius: 8px; }
summary::before { content: "▸"; color: var(--quiet); width: .75rem; }
details[open] > summary::before { content: "▾"; }
summary .path { flex: 1; min-width: 8rem; overflow-wrap: anywhere; font-weight: 600; }
summary .says { flex-basis: 100%; padding-left: 6.75rem; color: var(--quiet); font-size: .925rem; overflow-wrap: anywhere; }
.body { padding: .25rem .85rem 1rem; border-top: 1px solid var(--line); }
.method { min-width: 4.5rem; font: 700 .8rem/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; color: var(--other); }
.get, .head { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); }
.patch { color: var(--patch); } .delete { color: var(--delete); }
ul.members { list-style: none; margin: 0; padding: 0; }
ul.members ul.members { border-left: 2px solid var(--line); margin-left: .25rem; padding-left: .85rem; }
ul.members > li { padding: .2rem 0; overflow-wrap: anywhere; }
.name { font-weight: 600; }
.kind { color: var(--quiet); font-size: .9rem; }
.need { color: var(--delete); font-size: .85rem; }
.note { color: var(--quiet); font-size: .925rem; white-space: pre-line; }
footer { max-width: 60rem; margin: 3rem auto 2rem; padding: 0 1.25rem; color: var(--quiet); font-size: .875rem; }
@media (max-width: 34rem) {
  main, header, footer { padding-left: .85rem; padding-right: .85rem; }
  summary .says { padding-left: 1.5rem; }
}
@media print { details { break-inside: avoid; } }
`;
