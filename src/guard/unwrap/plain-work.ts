import type { Language } from './languages.ts';
import { changesStore, decodes, drivers, gitLibraries, hides, network, sqliteFile, starts } from './code-marks.ts';
import { masked, type Masked } from './masked.ts';
import { plainPerl } from './perl.ts';

const setOf = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** Python's own modules that run no text and start nothing, whatever they are given. */
const modules =
  setOf(`re sys os os.path pathlib json io glob fnmatch itertools collections collections.abc textwrap string
  difflib datetime time math random copy shutil tempfile csv hashlib html html.parser unicodedata decimal fractions
  bisect heapq pprint stat errno tomllib __future__ ast tokenize`);
/** Names by which Python's modules lead to what runs text, starts programs, or is found by a name in a string. */
const reaching =
  setOf(`eval exec compile execfile input raw_input apply reload getattr setattr delattr vars globals locals breakpoint
  exit_code system popen popen2 popen3 popen4 spawn fork forkpty startfile putenv modules meta_path path_hooks settrace setprofile addaudithook
  displayhook excepthook builtins bltns importlib subprocess pty codeop Formatter get_field vformat getmembers ctypes runpy pickle marshal sitecustomize
  get_type_hints ForwardRef make_dataclass inspect attrgetter methodcaller partialmethod dlopen mro getmodule linecache
  f_globals f_builtins f_locals tb_frame gi_frame cr_frame gi_code ag_frame register_archive_format
  register_unpack_format namedtuple update_wrapper wraps singledispatch singledispatchmethod strptime make_archive unpack_archive`);
const dunders = setOf('__name__ __file__ __main__ __doc__ __future__');
const callable =
  setOf(`open print len range enumerate sorted reversed list dict set tuple str int float bool bytes bytearray repr
  zip map filter any all sum min max abs round isinstance issubclass iter next exit quit ord format hash id type hasattr super object
  Exception SystemExit ValueError AssertionError RuntimeError KeyError FileNotFoundError
  if elif while for in and or not return assert del yield lambda with as else except raise is await print`);

/** What Node's code may load: modules of its own that run no text and start nothing. */
const nodeModules =
  /^(?:node:)?(?:fs|fs\/promises|path|path\/posix|os|util|url|assert|assert\/strict|readline|events)$/;
/** Names by which JavaScript reaches what runs text, or whatever a string names. */
const reachingInNode =
  setOf(`eval Function constructor prototype this global globalThis window self module exports arguments callee caller Reflect
  Proxy Symbol vm Worker WebAssembly importScripts getBuiltinModule mainModule binding dlopen getPrototypeOf setPrototypeOf
  getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames getOwnPropertySymbols defineProperty defineProperties
  defineGetter lookupGetter with Deno Bun std WScript java Packages load compile runInThisContext Script GeneratorFunction
  AsyncFunction fetch XMLHttpRequest WebSocket EventSource export import_ createRequire register apply bind`);
const callableInNode =
  setOf(`require parseInt parseFloat String Number Boolean RegExp Array Date Error TypeError Object BigInt Set Map Promise isNaN
  encodeURIComponent decodeURIComponent structuredClone if for while switch catch function return typeof in of await else
  readFileSync writeFileSync appendFileSync existsSync readdirSync statSync mkdirSync readFile writeFile appendFile
  readdir stat join resolve basename dirname extname relative`);
const madeInNode = setOf('RegExp Date Set Map Error Array Promise URLSearchParams');
/** Members of `process` that only tell or print something. */
const ofProcess = setOf('stdout stderr stdin argv env exit exitCode cwd version platform');

const callableInPhp =
  setOf(`file_get_contents file_put_contents str_replace str_ireplace preg_replace preg_match preg_match_all preg_quote
  preg_split explode implode join strpos stripos strrpos substr substr_count strlen trim rtrim ltrim sprintf printf print_r
  var_dump var_export json_encode json_decode count file is_file file_exists is_dir dirname basename in_array array_keys
  array_values array_slice array_merge array_unique array_key_exists str_contains str_starts_with str_ends_with str_repeat
  ucfirst lcfirst strtolower strtoupper max min range isset empty die exit array list if elseif while for foreach switch
  and or return echo print else as`);
const wordsInPhp = setOf(
  'true false null PHP_EOL endif endforeach break continue FILE_APPEND LOCK_EX JSON_PRETTY_PRINT JSON_UNESCAPED_SLASHES __DIR__',
);

const wordsInRuby =
  setOf(`File Dir Regexp String Array Hash JSON Pathname STDIN STDOUT STDERR ARGF nil true false if unless else elsif end do then while until
  and or not in case when next break return puts print p pp read write readlines foreach exist? file? directory? basename
  dirname extname join expand_path glob sub sub! gsub gsub! include? start_with? end_with? index rindex scan match match?
  split lines each each_line each_with_index map select reject find any? all? none? first last count size length strip
  lstrip rstrip chomp chomp! chop to_s to_i to_a to_h empty? nil? upcase downcase capitalize reverse_each sort uniq tr
  delete insert push concat replace slice slice! escape new parse generate pretty_generate keys values key? fetch dig
  merge freeze dup begin rescue ensure zip flatten compact sum max min times upto step exit abort warn squeeze ljust rjust
  center prepend sort_by group_by`);

/** Words that a string alone may not be: they are what a bracket or a pattern reaches by name. */
const namedByString =
  /^(?:constructor|__proto__|prototype|mainModule|getBuiltinModule|binding|process|require|global|globalThis|eval|Function|module|exec|system)$/;

/** A name that is written with escapes, or over several lines. */
const spelled = /^(?=[^\\]*\\[xu0-7\r\n])[\w\\{}\r\n]*$/;

/**
 * Code that does nothing but plain work on text and files, told by all that it says outside its strings, expressions
 * and comments: what stands in those is never run then. Undefined for any other, and where it cannot be told.
 */
export function plainWork(source: string, language: Language): Masked | undefined {
  if (language === 'perl') return plainPerl(source);
  const found = masked(source, language);
  if (found === undefined) return undefined;
  const { code } = found;
  for (const mark of [starts, hides, decodes, gitLibraries, drivers, changesStore, sqliteFile, network])
    if (mark.test(code)) return undefined;
  // What is called is no name: `f()()`, `a[b]()`, `"x"()`.
  if (/["\])}]\s*\(|\?\.\s*[([]/.test(code)) return undefined;
  if (language === 'node' && found.literals.some((words) => namedByString.test(words) || spelled.test(words)))
    return undefined;
  const plain = { python: isPlainPython, node: isPlainNode, php: isPlainPhp, ruby: isPlainRuby }[language as string];
  return plain?.(code, found) === true ? found : undefined;
}

interface Word {
  word: string;
  /** The characters that are no blanks before it and after it. */
  before: string;
  after: string;
}

/** The words of masked code with what stands next to each. */
function* wordsOf(code: string): Generator<Word> {
  let before = '';
  for (const match of code.matchAll(/([A-Za-z_$][\w$]*[?!]?)|"[^"]*"|[^\s"]/g)) {
    const word = match[1];
    if (word !== undefined) {
      const end = match.index + word.length;
      const rest = /^[ \t\n]{0,200}(\S?)/.exec(code.slice(end, end + 201));
      yield { word, before, after: rest?.[1] ?? '' };
    }
    before = match[0].at(-1) ?? '';
  }
}

function isPlainPython(code: string): boolean {
  // A decorator calls, and a name may be written in other letters.
  if (code.includes('@')) return false;
  // With more than one word `type` makes a class, whose members strings name.
  if (/\btype\s*\((?!\s*[\w.]{1,80}\s*\))/.test(code)) return false;
  // What it writes may be what it loads then.
  const written = code.search(/\b(?:open|write\w*|print|copy\w*|rename|replace|move)\s*\(/);
  if (written >= 0 && /\bimport\b/.test(code.slice(written))) return false;
  const bound = new Set<string>();
  let imports = 0;
  for (const [, from, names = ''] of code.matchAll(
    /(?:^|[;\n:])[ \t]*(?:from[ \t]+([\w.]+)[ \t]+)?import[ \t]+([\w.][\w., \t]*)(?=[;\n]|$)/g,
  )) {
    imports += 1;
    for (const name of names.split(',')) {
      const [module = '', ...rest] = name.trim().split(/\s+/);
      if (rest.length !== 0 && !(rest.length === 2 && rest[0] === 'as')) return false;
      if (!modules.has(from ?? module)) return false;
      bound.add(rest[1] ?? module);
    }
  }
  for (const [, name = ''] of code.matchAll(/(?:\b(?:def|class)[ \t]+|(?:^|[;\n])[ \t]*(?=\w+[ \t]*=(?!=)))(\w+)/g))
    bound.add(name);
  for (const { word, before, after } of wordsOf(code)) {
    if (word === 'import') imports -= 1;
    else if (word === 'compile' && before === '.' && after === '(') continue;
    else if (reaching.has(word) || /^(?:exec|spawn|posix_spawn)[lvpe]*$/.test(word)) return false;
    else if (word.startsWith('_') && word !== '_' && !dunders.has(word)) return false;
    else if (after === '(' && before !== '.' && !callable.has(word) && !bound.has(word)) return false;
  }
  return imports === 0;
}

function isPlainNode(code: string): boolean {
  const bound = new Set<string>();
  for (const [, first, second] of code.matchAll(
    /\bfunction\s*\*?\s*(\w+)|\b(?:const|let|var)\s+(\w+)\s*=\s*(?:async\s*)?(?:function\b|\([^()]{0,200}\)\s*=>|\w+\s*=>)/g,
  ))
    bound.add(first ?? second ?? '');
  for (const [, , name = ''] of code.matchAll(/\b(require\s*\(|from|import)\s*"([^"]*)"/g))
    if (!nodeModules.test(name)) return false;
  let previous = '';
  for (const { word, before, after } of wordsOf(code)) {
    const made = previous === 'new';
    previous = word;
    if (word === 'require' && !(after === '(' && before !== '.')) return false;
    if (word === 'import' && (after === '(' || after === '.')) return false;
    if (word.startsWith('__') || (word.startsWith('_') && before === '.')) return false;
    if (reachingInNode.has(word)) return false;
    if (word === 'process' && after !== '.') return false;
    if (made && !madeInNode.has(word)) return false;
    if (after === '(' && before !== '.' && !callableInNode.has(word) && !bound.has(word)) return false;
  }
  if (/\brequire\s*\((?!\s*"[^"]+"\s*\))/.test(code)) return false;
  for (const [, name = ''] of code.matchAll(/\bprocess\s*\.\s*(\w+)/g)) if (!ofProcess.has(name)) return false;
  if (/\]\s*:/.test(code)) return false;
  for (let at = code.indexOf('['); at >= 0; at = code.indexOf('[', at + 1)) {
    const head = /([\w$]*)(\S?)\s*$/.exec(code.slice(Math.max(0, at - 40), at));
    const isMember =
      /[\w$)\]"}.]\s*$/.test(code.slice(Math.max(0, at - 40), at)) &&
      !/^(?:return|of|in|case|typeof|const|let|var|else|await|yield)$/.test(head?.[1] ?? '');
    if (!isMember) continue;
    // What a name holds there nobody tells: it may be a member's name that was put together.
    if (!/^\[\s*(?:\d+|\w+\.length\s*-\s*\d+|"")\s*\]/.test(code.slice(at, at + 80))) return false;
  }
  return true;
}

function isPlainPhp(code: string, { literals }: Masked): boolean {
  // Addresses, and old PHP's pattern whose replacement is code.
  if (literals.some((words) => /:\/|:$|^\/\/|^data:/i.test(words))) return false;
  if (
    literals.some(
      (words) => /^[^\w\s\\]/.test(words) && /e/i.test(/[^\w\s\\]([a-z]{1,12})\s*$/i.exec(words.slice(-40))?.[1] ?? ''),
    )
  )
    return false;
  if (/::|->|\$\$|\$\w+\s*\(|&\s*\$/.test(code)) return false;
  for (const { word, after } of wordsOf(code)) {
    if (word.startsWith('$')) continue;
    if (after === '(' ? !callableInPhp.has(word) : !callableInPhp.has(word) && !wordsInPhp.has(word)) return false;
  }
  return true;
}

function isPlainRuby(code: string): boolean {
  if (/&\s*:|&\s*\w|->|::|:"/.test(code)) return false;
  const bound = new Set<string>();
  for (const [, name = ''] of code.matchAll(/(?:^|[;\n(|,])[ \t]{0,200}([a-z_]\w*)[ \t]{0,200}=(?![=~>])/g))
    bound.add(name);
  for (const [, names = ''] of code.matchAll(/\|([\w, ]{1,100})\|/g))
    for (const name of names.split(',')) bound.add(name.trim());
  for (const [, name = ''] of code.matchAll(/\brequire\s*\(?\s*"([^"]*)"/g))
    if (!/^(?:json|pathname|set|time|date)$/.test(name)) return false;
  for (const { word, before } of wordsOf(code)) {
    if (/^\$(?:_|\d|stdout|stderr|stdin)$/.test(word)) continue;
    if (word === 'require') continue;
    if (wordsInRuby.has(word)) continue;
    if (
      before !== '.' &&
      bound.has(word) &&
      !/^(?:system|exec|spawn|fork|open|eval|send|load|test|method|binding|trap|syscall)$/.test(word)
    )
      continue;
    return false;
  }
  return !/\brequire\s*\(?\s*(?!")\S/.test(code);
}
