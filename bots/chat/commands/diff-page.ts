/** Characters of a patch that a page shows: a phone has to open it. */
const LONGEST = 1_000_000;

/** A patch as one self-contained page, coloured, readable on a phone. It loads nothing and runs nothing. */
export function diffPage(title: string, patch: string): string {
  const shown = patch.slice(0, LONGEST);
  const lines = shown.split('\n').map((line) => `<div class="${kindOf(line)}">${escaped(line) || '&nbsp;'}</div>`);
  const more = patch.length > LONGEST ? '<p>… the rest is in the patch file.</p>' : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>
:root { color-scheme: light dark; }
body { margin: 0; font: 13px/1.45 ui-monospace, Menlo, Consolas, monospace; }
h1 { font: 600 16px system-ui, sans-serif; margin: 12px; }
main { overflow-x: auto; }
div { white-space: pre; padding: 0 12px; min-width: max-content; }
.add { background: #2ea04326; } .del { background: #f8514926; } .hunk { color: #8250df; }
.file { font-weight: 700; margin-top: 16px; border-top: 1px solid #8884; padding-top: 6px; } .meta { opacity: .6; }
</style></head><body><h1>${escaped(title)}</h1><main>
${lines.join('\n')}
</main>${more}</body></html>
`;
}

function kindOf(line: string): string {
  if (line.startsWith('diff ')) return 'file';
  if (/^(?:\+\+\+|---|index|new file|deleted file|old mode|new mode|similarity|rename)/.test(line)) return 'meta';
  if (line.startsWith('@@')) return 'hunk';
  if (line.startsWith('+')) return 'add';
  if (line.startsWith('-')) return 'del';
  return 'same';
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
