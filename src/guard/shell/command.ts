import { parse, type Assignment, type Command, type HereDoc, type Redirection, type Word } from 'unbash';
import { UNKNOWN, asKnown, hasUnknown, isKnown } from '../marks.ts';
import type { Machine } from '../machine.ts';
import { readPath, resolve, writePath } from '../paths.ts';
import { connect } from '../effects/host.ts';
import { checkSubscript, checkVariable } from './environment.ts';
import { expandFields, expandOne, expandParts } from './expand.ts';
import { exportOf, fork, rename, type Frame, type Value } from './frame.ts';
import { runTraps } from './traps.ts';
import { maxLength } from './parse.ts';
import { refersNow } from './shared.ts';

const declarations = new Set(['export', 'declare', 'typeset', 'local', 'readonly']);

/** Runs a simple command: its words, its assignments, its redirections, in bash's order. */
export function runCommand(node: Command, frame: Frame, machine: Machine): string {
  const words = node.name === undefined ? [] : expandFields(node.name, frame, machine);
  const declares = declarations.has(words[0] ?? '');
  for (const arg of node.args) {
    if (arg.type === 'Word') words.push(...expandFields(arg, frame, machine));
    else if (declares) {
      assign(arg, frame, machine);
      words.push(arg.name);
    } else words.push(`${arg.name}=${text(valueOf(arg, frame, machine))}`);
  }
  const prefix = node.prefix.filter((item) => item.type === 'Assignment');
  if (words.length === 0) {
    for (const assignment of prefix) assign(assignment, frame, machine);
    return withRedirects(node.redirects, frame, machine, (scope) => (node.redirects.length > 0 ? scope.stdin : ''));
  }
  const keep = words[0] === 'exec' && words.length === 1;
  const body = (scope: Frame): string => machine.invoke(words, scope);
  if (prefix.length === 0) return withRedirects(node.redirects, frame, machine, body, keep);
  const touched = prefix.flatMap(({ name }) => [name, exportOf(name)]);
  const before = touched.map((name) => [name, frame.vars.get(name)] as const);
  for (const assignment of prefix) {
    assign(assignment, frame, machine);
    frame.vars.set(exportOf(assignment.name), '1');
  }
  const output = withRedirects(node.redirects, frame, machine, body, keep);
  for (const [name, value] of before) {
    if (value === undefined) frame.vars.delete(name);
    else frame.vars.set(name, value);
  }
  return output;
}

function assign(node: Assignment, frame: Frame, machine: Machine): void {
  const value = valueOf(node, frame, machine);
  const old = frame.vars.get(node.name);
  let result: Value = value;
  if (node.name === 'BASH_ALIASES' || node.name === 'BASH_CMDS') renamed(node, text(value), frame, machine);
  if (node.index !== undefined) {
    const index = expandOne(node.index, frame, machine);
    checkSubscript(`${node.name}[${index}]`, frame, machine);
    const list = Array.isArray(old) ? [...old] : typeof old === 'string' ? [old] : [];
    // What was unknown may have been a list of any length.
    const open = typeof old === 'string' && old.includes(UNKNOWN);
    // What is left out between two elements is no word at all, which a list here cannot tell.
    if (!open && /^\d{1,3}$/.test(index) && Number(index) <= list.length) {
      list[Number(index)] = text(value);
      result = list;
    } else result = UNKNOWN;
  } else if (node.append === true) {
    if (Array.isArray(value)) result = [...(Array.isArray(old) ? old : old === undefined ? [] : [old]), ...value];
    else if (Array.isArray(old)) result = [`${old[0] ?? ''}${value}`, ...old.slice(1)];
    else result = (old ?? '') + value;
  }
  // Values that double at each step would fill the memory.
  if (typeof result === 'string' && (result.length > maxLength || result.startsWith(UNKNOWN + UNKNOWN)))
    result = UNKNOWN;
  machine.spend(text(result).length >> 8);
  refersNow(node.name, text(result), frame);
  frame.vars.set(node.name, result);
  checkVariable(node.name, text(result), frame, machine);
  runTraps(frame, machine, node.name);
  if (Array.isArray(result)) for (const item of result.slice(1)) checkSubscript(item, frame, machine);
}

/** `BASH_ALIASES[x]=…`, `BASH_CMDS[x]=…`: what a command of this name runs from now on. */
function renamed(node: Assignment, value: string, frame: Frame, machine: Machine): void {
  const name = node.index === undefined ? UNKNOWN : expandOne(node.index, frame, machine);
  if (isKnown(name)) rename(name, value, frame);
  else machine.emit({ kind: 'unknown', what: `${node.name} gives commands another meaning`, runs: true });
}

function valueOf(node: Assignment, frame: Frame, machine: Machine): Value {
  if (node.value.type === 'Word') return expandOne(node.value, frame, machine);
  const { elements } = node.value;
  if (elements.some((element) => /^\[.+?\]\+?=/s.test(element.text))) return subscripted(elements, frame, machine);
  return elements.flatMap((element) => expandFields(element, frame, machine));
}

/** `([0]=a [1]=b)`: a list where the subscripts count up from 0, else what nobody can tell. */
function subscripted(elements: readonly Word[], frame: Frame, machine: Machine): Value {
  const counts = elements.every(({ text }, index) => text.startsWith(`[${index}]=`));
  const list = elements.map((element, index) => {
    const [, subscript, source = ''] = /^\[(.+?)\]\+?=(.*)$/s.exec(element.text) ?? [];
    if (subscript !== String(index)) return expandFields(element, frame, machine).join(' ');
    const command = parse(`: ${source}`).commands[0]?.command;
    if (command?.type !== 'Command') return UNKNOWN;
    return command.args.map((arg) => (arg.type === 'Word' ? expandOne(arg, frame, machine) : UNKNOWN)).join(' ');
  });
  return counts ? list : UNKNOWN;
}

const text = (value: Value): string => (Array.isArray(value) ? (value[0] ?? '') : value);

/** Runs `body` with the redirections in force; `keep` leaves the new standard input in the frame (`exec <x`). */
export function withRedirects(
  redirects: readonly Redirection[],
  frame: Frame,
  machine: Machine,
  body: (scope: Frame) => string,
  keep = false,
): string {
  if (redirects.length === 0) return body(frame);
  const outer = frame.stdin;
  const outputs: { path: string; append: boolean }[] = [];
  let printed = true;
  for (const redirect of redirects) {
    switch (redirect.type) {
      case 'HereDoc':
        input(redirect, hereDoc(redirect, frame, machine), frame, machine);
        break;
      case 'HereString': {
        const value = redirect.target === undefined ? '' : expandOne(redirect.target, frame, machine);
        input(redirect, `${value}\n`, frame, machine);
        break;
      }
      case 'Redirect': {
        if (redirect.target === undefined) break;
        const target = expandOne(redirect.target, frame, machine);
        if (toOrFromHost(target, machine)) break;
        const duplicate = redirect.operator === '<&' || redirect.operator === '>&';
        if (duplicate && /^(\d+-?|-)$/.test(target)) {
          if (redirect.operator === '<&' && target !== '-') frame.stdin = fileText(`/dev/fd/${target}`, machine);
          break;
        }
        if (redirect.operator === '<' || redirect.operator === '<&') {
          readPath(target, frame, machine);
          input(redirect, fileText(resolve(target, frame)[0] ?? UNKNOWN, machine), frame, machine);
          break;
        }
        // It is printed all the same.
        if (/^\/(?:dev|proc\/self)\/(?:stdout|fd\/1)$/.test(target)) break;
        writePath(target, frame, machine);
        if (redirect.operator === '<>') break;
        const number = redirect.descriptor?.type === 'FileDescriptor' ? redirect.descriptor.value : 1;
        if (number !== 1) break;
        printed = false;
        for (const path of resolve(target, frame)) outputs.push({ path, append: redirect.operator.endsWith('>>') });
        break;
      }
    }
  }
  for (const { path, append } of outputs) if (!append) machine.wrote(path, undefined);
  const output = body(frame);
  for (const { path, append } of outputs) {
    const old = append ? machine.file(path) : { text: '', changed: false };
    const start = old.text ?? (old.changed ? UNKNOWN : '');
    machine.wrote(path, hasUnknown(start + output) ? undefined : start + output);
  }
  if (!keep) frame.stdin = outer;
  return printed ? output : '';
}

function input(redirect: Redirection, value: string, frame: Frame, machine: Machine): void {
  const number = redirect.descriptor?.type === 'FileDescriptor' ? redirect.descriptor.value : 0;
  if (number === 0) frame.stdin = value;
  else machine.wrote(`/dev/fd/${number}`, hasUnknown(value) ? undefined : value);
}

function hereDoc(node: HereDoc, frame: Frame, machine: Machine): string {
  const parts = node.body.parts;
  const quoted = node.delimiter?.quoted === true || parts === undefined;
  const value = quoted ? asKnown(node.body.text) : expandParts(parts, fork(frame), machine);
  return node.operator === '<<-' ? value.replace(/^\t+/gm, '') : value;
}

function fileText(path: string, machine: Machine): string {
  if (!isKnown(path) || path === '/dev/null') return path === '/dev/null' ? '' : UNKNOWN;
  const { text } = machine.file(path);
  if (text !== undefined && text.trim() !== '' && !path.startsWith('/dev/'))
    machine.printed.push(text.trim().slice(0, 40));
  return text ?? UNKNOWN;
}

function toOrFromHost(target: string, machine: Machine): boolean {
  const match = /^\/dev\/(?:tcp|udp)\/([^/]*)\/([^/]*)$/.exec(target);
  if (match === null) return false;
  connect(`${match[1] ?? ''}:${match[2] ?? ''}`, target, machine, { raw: true, sends: true });
  return true;
}
