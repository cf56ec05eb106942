const literal = `(?:"[^"\\\\\\n]{0,400}"|'[^'\\\\\\n]{0,400}'|\`[^\`\\\\$\\n]{0,400}\`)`;
/** The home folder, as each language names it. */
const homes =
  /\b(?:pathlib\s*\.\s*)?Path\s*\.\s*home\s*\(\s*\)|\b(?:require\s*\(\s*["'](?:node:)?os["']\s*\)|os)\s*\.\s*homedir\s*\(\s*\)|\bprocess\s*\.\s*env\s*(?:\.\s*HOME\b|\[\s*["']HOME["']\s*\])|\bos\s*\.\s*(?:environ\s*(?:\[\s*["']HOME["']\s*\]|\.\s*get\s*\(\s*["']HOME["'][^)]{0,40}\))|getenv\s*\(\s*["']HOME["'][^)]{0,40}\))|\bENV\s*(?:\[\s*["']HOME["']\s*\]|\.\s*fetch\s*\(\s*["']HOME["']\s*\))|\bDir\s*\.\s*home\b(?:\s*\(\s*\))?|\bgetenv\s*\(\s*["']HOME["']\s*\)|\$_(?:SERVER|ENV)\s*\[\s*["']HOME["']\s*\]|(?<![.\w])homedir\s*\(\s*\)/g;
const expanded = new RegExp(
  `\\b(?:os\\s*\\.\\s*path\\s*\\.\\s*|File\\s*\\.\\s*)?(?:expanduser|expand_path)\\s*\\(\\s*(${literal})\\s*\\)`,
  'g',
);
const joins = new RegExp(
  `\\b(?:(?:path|posix|File|posixpath|os\\.path|p)\\s*\\.\\s*(?:join|resolve)|joinpath|file\\.path)\\s*\\(\\s*(${literal}(?:\\s*,\\s*${literal}){0,12})\\s*\\)`,
  'g',
);
const slashed = new RegExp(
  `\\bPath\\s*\\(\\s*(${literal})\\s*\\)\\s*(?:/\\s*|\\.\\s*joinpath\\s*\\(\\s*)(${literal})(?:\\s*\\))?`,
  'g',
);
const added = new RegExp(`(${literal})[ \\t]*(?:[+*]|\\.(?=\\s*["'\`]))[ \\t]*(${literal})`, 'g');

const bare = (text: string): string => text.slice(1, -1);
const quoted = (text: string): string => JSON.stringify(text);

/**
 * The code with paths that it puts together written out: the home folder, `path.join('a', 'b')`, `Path('a') / 'b'`,
 * `'a' + 'b'`. What it does stays as it is.
 */
export function withPlainPaths(code: string, home: string): string {
  if (code.length > 65_536) return code;
  let text = code
    .replace(/(?:\$|#)?\{\s*([^{}\n]{1,80})\s*\}/g, (whole, inner: string) => (isHome(inner) ? home : whole))
    .replace(/\$ENV\{["']?HOME["']?\}(\s*\.\s*["'])?/g, (_, then?: string) =>
      then === undefined ? home : then.slice(-1) + home,
    )
    .replace(homes, (whole) => (whole.includes('Path') ? `Path(${quoted(home)})` : quoted(home)))
    .replace(expanded, (_, word: string) => quoted(bare(word).replace(/^~(?=\/|$)/, home)));
  for (let round = 0; round < 6; round += 1) {
    const before = text;
    text = text
      .replace(joins, (_, words: string) =>
        quoted([...words.matchAll(new RegExp(literal, 'g'))].map(([word]) => bare(word)).join('/')),
      )
      .replace(slashed, (_, first: string, second: string) => `Path(${quoted(`${bare(first)}/${bare(second)}`)})`)
      .replace(added, (_, first: string, second: string) => quoted(bare(first) + bare(second)));
    if (text === before) break;
  }
  return text;
}

const isHome = (text: string): boolean => {
  homes.lastIndex = 0;
  const match = homes.exec(text);
  homes.lastIndex = 0;
  return match !== null && match.index === 0 && match[0].length === text.trim().length;
};
