/** The page's whole style: for a phone first, for light and dark. */
export const style = `
:root{--ink:#1f2933;--soft:#616e7c;--line:#e4e7eb;--paper:#fff;--card:#f8f9fb;--add:#e6f6ec;--del:#fdecea;--work:#2f6fde;--wait:#e8a33d}
@media (prefers-color-scheme:dark){:root{--ink:#e4e7eb;--soft:#9aa5b1;--line:#323f4b;--paper:#14191f;--card:#1c232b;--add:#12331f;--del:#401a1a}
.hljs-keyword,.hljs-literal,.hljs-built_in{color:#c792ea!important}.hljs-string,.hljs-regexp{color:#9bd17b!important}.hljs-number,.hljs-attr{color:#82aaff!important}.hljs-title{color:#ffcb6b!important}}
*{box-sizing:border-box}html{-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:60rem;padding:1rem;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);overflow-wrap:anywhere}
h1{font-size:1.4rem;margin:.2rem 0}h2{font-size:1.15rem;margin:1.6rem 0 .4rem}h3{font-size:1.05rem;margin:0}h4{font-size:.95rem;margin:.9rem 0 .2rem}
p{margin:.4rem 0}ul{margin:.2rem 0;padding-left:1.2rem}.soft{color:var(--soft);font-size:.9rem}a{color:inherit}
.first,.more{list-style:none;padding:0}.first{font-size:1.05rem}.first li,.more li{padding:.25rem 0;border-bottom:1px solid var(--line)}
article{border:1px solid var(--line);border-left:4px solid var(--soft);border-radius:.5rem;padding:.8rem;margin:.8rem 0;background:var(--card)}
article.proven{border-left-color:#2f9e63}article.failed{border-left-color:#c92a2a}article.waits_for_you{border-left-color:var(--wait)}article.unproven{border-left-color:#d9b300}
code,pre,.diff table{font-family:ui-monospace,monospace;font-size:.82rem}pre{overflow-x:auto;background:var(--paper);border:1px solid var(--line);padding:.5rem;white-space:pre-wrap}
.pre{white-space:pre-wrap}blockquote{margin:.4rem 0;padding-left:.7rem;border-left:3px solid var(--line)}summary{cursor:pointer;padding:.35rem 0}
.diff{border-top:1px solid var(--line)}.diff table{width:100%;border-collapse:collapse;display:block;overflow-x:auto;background:var(--paper)}
.diff td{padding:0 .4rem;white-space:pre;vertical-align:top}.diff td:nth-child(-n+2){color:var(--soft);text-align:right;user-select:none}
.diff td:last-child{width:100%}.diff tr.add{background:var(--add)}.diff tr.del{background:var(--del)}.diff tr.hunk{color:var(--soft)}.sign{user-select:none;padding-right:.3rem}
span.add{color:#2f9e63}span.del{color:#c92a2a}.note{border:1px solid var(--line);border-radius:.3rem;padding:0 .3rem;font-size:.8rem}
.line>div{display:grid;grid-template-columns:8rem 1fr;gap:.5rem;align-items:center}.line b{position:relative;height:1rem;background:var(--line);border-radius:.2rem;overflow:hidden}
.line i{position:absolute;top:0;bottom:0}.work{background:var(--work)}.wait{background:var(--wait);opacity:.7}.key{display:inline-block;width:.8rem;height:.8rem;border-radius:.2rem}.ends{display:flex;justify-content:space-between}
.chart .row{display:grid;grid-template-columns:8rem 1fr;gap:.5rem;align-items:center;padding:.15rem 0}.bar{display:grid;grid-template-columns:1fr 6.5rem;gap:.5rem;align-items:center;font-size:.85rem;line-height:1.2}
.bar b{display:block;height:.6rem}.bar i{display:block;height:100%;border-radius:.15rem}.cost{background:var(--work)}.time{background:#2f9e63}
.figures summary{padding:.15rem 0}.figures .totals{margin:.2rem 0 .6rem}
.totals{border-collapse:collapse;font-size:.9rem}.totals th{text-align:left;font-weight:normal;color:var(--soft);padding-right:.8rem;vertical-align:top;width:40%}.totals td{vertical-align:top}
.rate{border-top:1px solid var(--line);margin-top:.8rem;padding-top:.6rem}.rate fieldset{border:0;padding:0;margin:0}.rate>label{display:block;font-size:.9rem;margin:.4rem 0}
.rate textarea,.rate>label input{display:block;width:100%;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:.3rem;padding:.4rem}
.rate button{font:inherit;padding:.5rem .8rem;border:1px solid var(--line);border-radius:.4rem;background:var(--work);color:#fff;cursor:pointer}
.said{border-left:3px solid var(--work);padding-left:.6rem}.stars{display:inline-flex;flex-direction:row-reverse}.stars input,.away{position:absolute;opacity:0;width:1px;height:1px;overflow:hidden}.stars label{font-size:1.9rem;line-height:1;padding:.2rem;cursor:pointer;color:var(--line)}
.stars input:checked~label,.stars label:hover,.stars label:hover~label{color:var(--wait)}.stars input:focus-visible+label{outline:2px solid var(--work)}
.hljs-keyword,.hljs-literal,.hljs-built_in{color:#7c3aad}.hljs-string,.hljs-regexp{color:#2b7a3d}.hljs-comment{color:var(--soft)}.hljs-number,.hljs-attr{color:#1c5fb8}.hljs-title{color:#9a5b00}
`;
