/** A word of shell, whatever is in it. */
export function word(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A program of lines of shell. `attempt COMMAND` is a way that must fail; `found FILE` one that must not have made this
 * file; what stands by itself only prepares.
 */
export function bash(lines: readonly string[]): string {
  return [
    'tries=0; open=',
    'attempt() { tries=$((tries + 1)); if (eval "$1") >/dev/null 2>&1 </dev/null; then open="$open; $1"; fi; }',
    'found() { tries=$((tries + 1)); if [ -e "$1" ]; then open="$open; $2"; fi; }',
    'verdict() { if [ -n "$open" ]; then echo "OPEN ${open#; }"; else echo "SHUT $tries"; fi; }',
    'trap verdict EXIT',
    '{',
    ...lines,
    '} >/dev/null 2>&1 </dev/null',
    '',
  ].join('\n');
}
