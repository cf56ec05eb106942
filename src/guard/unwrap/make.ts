import { configuredPrefix } from '../effects/programs.ts';
import { UNKNOWN, isKnown, shown } from '../marks.ts';
import type { Call, Handler, Machine } from '../machine.ts';
import { has, setOf, takeApart, valuesOf } from '../options.ts';
import { writePath } from '../paths.ts';
import { fork, type Frame } from '../shell/frame.ts';
import { namesMigration } from '../effects/verbs.ts';
import { pathWords } from '../effects/programs.ts';
import { inFolder } from './scripts.ts';

interface Rules {
  variables: Map<string, string>;
  /** Per target: what it needs, and its lines. */
  targets: Map<string, { needs: string[]; lines: string[] }>;
  first: string | undefined;
  /** The environment variable of this name, where this very input sets it. */
  environment: (name: string) => string | undefined;
  /** Whether the text may give this variable a value in a way that is not read here. */
  maySet: (name: string) => boolean;
  /** True where recipes are only shown (`-n`), but for those that make runs all the same. */
  dry: boolean;
  /** Counts what is done: variables can stand for one another a billion times. Throws where it is too much. */
  spend: (steps: number) => void;
}

/** What make has where nobody sets them. */
const builtIn: Readonly<Record<string, string>> = {
  AR: 'ar',
  ARFLAGS: '-rv',
  AS: 'as',
  CC: 'cc',
  CPP: 'cc -E',
  CXX: 'c++',
  FC: 'f77',
  LD: 'ld',
  LEX: 'lex',
  MAKEFLAGS: '',
  RM: 'rm -f',
  YACC: 'yacc',
};

/** `make target`: the recipes of the target and of what it needs. */
function make(call: Call): string {
  const { machine } = call;
  pathWords(call);
  const parsed = takeApart(call.args, setOf('-f -C -I -o -W --file --makefile --directory -E --eval --include-dir -l'));
  let frame = fork(call.frame, { via: [...call.frame.via, 'make'] });
  for (const folder of valuesOf(parsed, '-C', '--directory')) frame = inFolder(folder, frame);
  const named = valuesOf(parsed, '-f', '--file', '--makefile');
  const names = named.length > 0 ? named : ['GNUmakefile', 'makefile', 'Makefile'];
  const texts = valuesOf(parsed, '-E', '--eval');
  for (const name of names) {
    for (const cwd of frame.cwds) {
      const { text, changed } =
        name === '-'
          ? { text: frame.stdin, changed: false }
          : machine.file(name.startsWith('/') ? name : `${cwd}/${name}`);
      if (text !== undefined) texts.push(text);
      else if (changed)
        machine.emit({
          kind: 'unknown',
          what: `${shown(name)} was written by this very command, and is run`,
          runs: true,
        });
    }
    if (texts.length === 0 && named.length > 0) {
      machine.emit({ kind: 'unknown', what: `${shown(name)} cannot be read beforehand, and is run`, runs: false });
    }
    if (texts.length > 0 && named.length === 0) break;
  }
  const made = includes(texts, frame, machine);
  const text = texts.join('\n');
  const rules = parseMakefile(text, {
    environment: (name) => environment(name, frame),
    maySet: settings(text),
    dry: has(parsed, '-n', '--dry-run', '--just-print', '--recon'),
    spend: (steps) => machine.spend(steps),
  });
  const goals: string[] = [];
  for (const word of parsed.words) {
    const equals = word.indexOf('=');
    if (equals > 0) {
      const [name, value] = [word.slice(0, equals).replace(/[:?+!]{1,3}$/, ''), word.slice(equals + 1)];
      rules.variables.set(name, value);
      told(name, value, frame, machine);
    } else goals.push(word);
  }
  if (goals.length === 0 && rules.first !== undefined) goals.push(rules.first);
  shellFunctions(text, rules, frame, machine);
  // Where the rule cannot be read, the usual place is meant.
  if (goals.some((goal) => /^install(?:-\w+)?$/.test(goal) && !rules.targets.has(goal))) {
    const places = ['DESTDIR', 'PREFIX', 'prefix'].flatMap((name) => rules.variables.get(name) ?? []);
    const configured = frame.vars.get(configuredPrefix);
    const usual = typeof configured === 'string' ? configured : '/usr/local';
    for (const place of places.length > 0 ? places : [usual]) writePath(place, frame, machine);
  }
  const done = new Set<string>();
  // Makefiles are brought up to date first, whatever is asked for.
  for (const file of [...names, ...made])
    if (rules.targets.has(file)) runTarget(file, { ...rules, dry: false }, frame, machine, done);
  for (const goal of goals) runTarget(goal, rules, frame, machine, done);
  machine.emit({ kind: 'process', command: call.shown });
  return UNKNOWN;
}

function environment(name: string, frame: Frame): string | undefined {
  const value = frame.vars.get(name);
  return Array.isArray(value) ? value[0] : value;
}

const mostIncludes = 20;

/**
 * Adds the makefiles that these include, by plain names, and returns the names; the ones that cannot be read are left
 * out, as by `-include`.
 */
function includes(texts: string[], frame: Frame, machine: Machine): string[] {
  const all: string[] = [];
  const seen = new Set<string>();
  for (const text of texts) {
    for (const [, names = ''] of text.matchAll(/^ *(?:-|s)?include\s+([^\n#]+)/gm)) {
      for (const name of names.trim().split(/\s+/)) {
        if (all.length < mostIncludes) all.push(name);
        const path = name.startsWith('/') ? name : `${frame.cwds[0] ?? ''}/${name.replace(/^\.\//, '')}`;
        if (seen.has(path) || seen.size >= mostIncludes) continue;
        seen.add(path);
        const found = machine.file(path).text;
        if (found !== undefined) texts.push(found);
      }
    }
  }
  return all;
}

/** A variable on make's command line that its recipes, its built-in rules or its shell run. */
function told(name: string, value: string, frame: Frame, machine: Machine): void {
  if (name === '.SHELLFLAGS' || (name === 'SHELL' && !/^(?:\/(?:usr\/)?bin\/)?(?:ba|da|z)?sh$/.test(value)))
    machine.emit({ kind: 'unknown', what: `${name} makes another program run every recipe`, runs: true });
  else if (/^(?:CC|CXX|CPP|FC|LD|AR|AS|RM|LEX|YACC|ARFLAGS)$/.test(name) && value.includes(' '))
    machine.run(value.replaceAll('$$', '$'), fork(frame, { via: [...frame.via, name] }));
}

function runTarget(goal: string, rules: Rules, frame: Frame, machine: Machine, done: Set<string>): void {
  if (done.has(goal) || done.size > 400) return;
  done.add(goal);
  if (!isKnown(goal)) {
    machine.emit({ kind: 'unknown', what: 'a make target that is not known', runs: false });
    return;
  }
  const target = rules.targets.get(goal) ?? patternFor(goal, rules);
  if (target === undefined) {
    // In a file that is included, or one that cannot be read: by its name.
    // Built in: a program of its source.
    for (const cwd of frame.cwds)
      for (const ending of ['c', 'cc', 'cpp'])
        if (machine.file(`${cwd}/${goal}.${ending}`).text !== undefined)
          machine.built(`${cwd}/${goal}`, [`${cwd}/${goal}.${ending}`]);
    if (namesMigration(goal)) machine.emit({ kind: 'database', how: 'migration', command: `make ${goal}` });
    return;
  }
  for (const need of target.needs) runTarget(need, rules, frame, machine, done);
  for (const line of target.lines) {
    if (rules.dry && !/^[@\s-]*\+|\$[({]MAKE[)}]/.test(line)) continue;
    const text = expand(line.replace(/^[@+\s-]+/, ''), rules, goal, target.needs);
    if (text !== '') machine.run(text, fork(frame, { via: [...frame.via, `target ${goal}`] }));
  }
}

function patternFor(goal: string, rules: Rules): { needs: string[]; lines: string[] } | undefined {
  for (const [name, target] of rules.targets) {
    const at = name.indexOf('%');
    if (at >= 0 && goal.startsWith(name.slice(0, at)) && goal.endsWith(name.slice(at + 1))) return target;
  }
  return undefined;
}

/** A Makefile's variables and rules, as far as a person would read them; what is conditional counts in any case. */
function parseMakefile(text: string, known: Pick<Rules, 'environment' | 'maySet' | 'dry' | 'spend'>): Rules {
  const rules: Rules = { variables: new Map(), targets: new Map(), first: undefined, ...known };
  let current: string[] = [];
  for (const line of text.replace(/\\\r?\n[ \t]*/g, ' ').split(/\r?\n/)) {
    if (line.startsWith('\t')) {
      for (const name of current) rules.targets.get(name)?.lines.push(line.slice(1));
      continue;
    }
    const assignment = /^\s*(?:export\s+|override\s+)?([\w.-]+)\s*(\+|\?|::?:?|!)?=\s*(.*)$/.exec(line);
    if (assignment !== null && !/^[^=]*:[^:=]*[^:=?+!\s][^=]*=/.test(line)) {
      const [, name = '', operator, value = ''] = assignment;
      const old = rules.variables.get(name);
      rules.variables.set(
        name,
        operator === '+' && old !== undefined ? `${old} ${value}` : operator === '!' ? `$(shell ${value})` : value,
      );
      continue;
    }
    const rule = /^([^\s#:=][^:=#]*)::?(?!=)([^;#]*)(?:;(.*))?/.exec(line);
    if (rule === null) {
      if (!/^\s*(?:#|$|ifn?def|ifn?eq|else|endif|-?include)/.test(line)) current = [];
      continue;
    }
    current = expand(rule[1] ?? '', rules, '', [])
      .trim()
      .split(/\s+/);
    const needs = expand((rule[2] ?? '').replace(/\|/g, ' '), rules, '', [])
      .trim()
      .split(/\s+/)
      .filter(Boolean);
    for (const name of current) {
      const target = rules.targets.get(name) ?? { needs: [], lines: [] };
      target.needs.push(...needs);
      if (rule[3] !== undefined) target.lines.push(rule[3]);
      rules.targets.set(name, target);
      if (rules.first === undefined && !name.startsWith('.')) rules.first = name;
    }
  }
  return rules;
}

/** A target's own variable, `define`, `eval`, a file that is included by no plain name: by its name alone, wherever it is not just used. */
function settings(text: string): (name: string) => boolean {
  const anything = /\beval\b|^ *(?:-|s)?include\s[^\n#]*[$*?[]/m.test(text);
  let named: Set<string> | undefined;
  return (name) => {
    named ??= new Set(text.replace(/\$(?:\(\w+\)|\{\w+\})/g, ' ').match(/\w+/g));
    return anything || named.has(name);
  };
}

/** Make's own variables in a text; `$$` becomes the shell's `$`. What is not known becomes an unset shell variable. */
function expand(text: string, rules: Rules, goal: string, needs: readonly string[], depth = 0): string {
  return text.replace(
    /\$(?:\$|([@<^?*+%])|[({]([^(){}]*(?:\([^()]*\))?[^(){}]*)[)}]|(\w))/g,
    (whole, automatic: string | undefined, name: string | undefined, short: string | undefined, at: number): string => {
      if (whole === '$$') return '$';
      if (automatic !== undefined)
        return automatic === '<' ? (needs[0] ?? '') : automatic === '@' ? goal : needs.join(' ');
      const key = (name ?? short ?? '').trim();
      if (key === 'MAKE') return rules.dry ? 'make -n' : 'make';
      if (key === 'SHELL') return '/bin/sh';
      if (key === 'CURDIR' || key === 'PWD') return '.';
      const shell = /^shell\s+(.*)$/s.exec(key)?.[1];
      if (shell !== undefined) return `$(${shell})`;
      const value = rules.variables.get(key);
      if (value === undefined) {
        // The environment's variables are make's too: text, which the shell then reads.
        const given = rules.environment(key);
        if (given !== undefined) return given.replaceAll('$$', '$');
        const usual = builtIn[key];
        if (usual !== undefined) return usual;
        // An option that nobody sets is nothing. As a part of a word it may change what that means.
        const alone = /\s$/.test(text.slice(0, at)) && /^(?:\s|$)/.test(text.slice(at + whole.length));
        if (alone && /^[A-Z][A-Z0-9_]*$/.test(key) && !rules.maySet(key)) return '';
        return /^[A-Za-z_]\w*$/.test(key) ? `\${${key}}` : '${make_function}';
      }
      rules.spend(1 + (value.length >> 6));
      if (depth > 8) return '${make_function}';
      return expand(value, rules, goal, needs, depth + 1);
    },
  );
}

/** `$(shell …)` in an assignment runs while the file is read, whatever the target. */
function shellFunctions(text: string, rules: Rules, frame: Frame, machine: Machine): void {
  for (const match of text.matchAll(/^(?![\t#]).*?\$\(shell\s+((?:[^()]|\([^()]*\))*)\)/gm)) {
    machine.run(expand(match[1] ?? '', rules, '', []), fork(frame, { via: [...frame.via, '$(shell)'] }));
  }
}

/** `just recipe`: the same idea with another file. */
function just(call: Call): string {
  const { machine, frame } = call;
  const command = call.args.findIndex((arg) => arg === '-c' || arg === '--command');
  if (command >= 0) return machine.invoke(call.args.slice(command + 1), fork(frame, { via: [...frame.via, 'just'] }));
  const parsed = takeApart(call.args, setOf('-f -d --justfile --working-directory --set --shell --shell-arg'));
  for (const shell of valuesOf(parsed, '--shell'))
    if (!/(?:^|\/)(?:ba|da|z|k|fi)?sh$/.test(shell))
      machine.emit({ kind: 'unknown', what: `just gives its recipes to ${shell}`, runs: true });
  const names = valuesOf(parsed, '-f', '--justfile');
  for (const name of names.length > 0 ? names : ['justfile', 'Justfile', '.justfile']) {
    const text = machine.file(name.startsWith('/') ? name : `${frame.cwds[0] ?? ''}/${name}`).text;
    if (text === undefined) continue;
    const rules = parseMakefile(
      text
        .replace(/^([\w-]+)((?:[ \t]+[\w*+$=-]+)*)[ \t]*:(?!=)/gm, '$1:')
        .replace(/^ +/gm, '\t')
        .replace(/\{\{\s*([\w-]+)\s*\}\}/g, '$($1)')
        .replace(/^([\w-]+)\s*:=\s*["'](.*)["']$/gm, '$1 := $2'),
      // A recipe's parameters are not read: whatever is not set may be one.
      {
        environment: () => undefined,
        maySet: () => true,
        dry: has(parsed, '-n', '--dry-run'),
        spend: (steps) => machine.spend(steps),
      },
    );
    const [goal] = parsed.words;
    const target = goal ?? rules.first;
    if (target !== undefined)
      runTarget(target, rules, fork(frame, { via: [...frame.via, 'just'] }), machine, new Set());
  }
  const known = names.length === 0 ? ['justfile', 'Justfile', '.justfile'] : names;
  const read = known.some(
    (name) => machine.file(name.startsWith('/') ? name : `${frame.cwds[0] ?? ''}/${name}`).text !== undefined,
  );
  if (!read && parsed.words.some(namesMigration))
    machine.emit({ kind: 'database', how: 'migration', command: call.shown });
  machine.emit({ kind: 'process', command: call.shown });
  return UNKNOWN;
}

export const makers: Record<string, Handler> = {
  make,
  gmake: make,
  bmake: make,
  pmake: make,
  remake: make,
  colormake: make,
  just,
};
