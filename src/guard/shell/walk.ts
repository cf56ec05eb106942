import type {
  AndOr,
  CommandNode,
  CompoundList,
  Function as FunctionNode,
  Pipeline,
  Script,
  Statement,
  TestExpression,
} from 'unbash';
import { UNKNOWN, hasUnknown } from '../marks.ts';
import type { Machine } from '../machine.ts';
import { runCommand, withRedirects } from './command.ts';
import { checkSubscript } from './environment.ts';
import { evaluate, expandFields, expandOne } from './expand.ts';
import { define, fork, join, settled, untouched, type Frame } from './frame.ts';
import { ownShell } from './traps.ts';
import { refersNow } from './shared.ts';

type Of<T extends Statement['command']['type']> = Extract<Statement['command'], { type: T }>;

/** Loops whose words are all known run once for each, up to this many. */
const mostItems = 48;

/** Walks a parsed script in this frame; returns what it prints. */
export function walkScript(script: Script, frame: Frame, machine: Machine): string {
  return walkList(script.commands, frame, machine);
}

function walkList(statements: readonly Statement[], frame: Frame, machine: Machine): string {
  let output = '';
  for (const statement of statements) {
    output +=
      statement.background === true
        ? ownShell(fork(frame), machine, (scope) => walkNode(statement.command, scope, machine))
        : walkNode(statement.command, frame, machine);
  }
  return output;
}

function walkNode(node: Statement['command'], frame: Frame, machine: Machine): string {
  machine.spend(1);
  switch (node.type) {
    case 'AndOr':
      return andOr(node, frame, machine);
    case 'Pipeline':
      return pipeline(node, frame, machine);
    case 'Command':
      return runCommand(node, frame, machine);
    case 'Redirected':
      return redirected(node, frame, machine);
    case 'Function':
      defined(node, frame, machine);
      return '';
    case 'Coproc':
      return ownShell(fork(frame, { stdin: UNKNOWN }), machine, (scope) => walkBody(node.body, scope, machine));
    case 'Subshell':
      return subshell(node.body, frame, machine);
    case 'BraceGroup':
      return walkList(node.body.commands, frame, machine);
    case 'If': {
      walkList(node.clause.commands, frame, machine);
      const branches = [branch(node.then, frame, machine)];
      for (const elif of node.elif) {
        walkList(elif.clause.commands, frame, machine);
        branches.push(branch(elif.then, frame, machine));
      }
      branches.push(node.else === undefined ? fork(frame) : branch(node.else, frame, machine));
      join(frame, branches);
      return UNKNOWN;
    }
    case 'Case': {
      expandOne(node.word, frame, machine);
      for (const item of node.items) for (const pattern of item.pattern) expandOne(pattern, frame, machine);
      // A branch may fall through to the next, so each may start where any before it ended.
      const branches = [fork(frame)];
      for (const item of node.items) {
        const start = fork(frame);
        if (item.terminator !== ';;') join(start, branches);
        branches.push(branch(item.body, start, machine));
        if (item.terminator === ';&' || item.terminator === ';;&') join(frame, branches);
      }
      join(frame, branches);
      return UNKNOWN;
    }
    case 'While':
      return whileLoop(node, frame, machine);
    case 'For':
    case 'Select':
      return forEach(node, frame, machine);
    case 'ArithmeticFor':
      return countingLoop(node, frame, machine);
    case 'TestCommand':
      walkTest(node.expression, frame, machine);
      return '';
    case 'ArithmeticCommand':
      evaluate(node.expression, frame, machine);
      return '';
  }
}

// (Of their own, for a function that makes functions is slower, and every command goes through the one above.)

function redirected(node: Of<'Redirected'>, frame: Frame, machine: Machine): string {
  return withRedirects(node.redirects, frame, machine, (scope) => walkNode(node.command, scope, machine));
}

function whileLoop(node: Of<'While'>, frame: Frame, machine: Machine): string {
  return loop(frame, machine, (scope) => {
    walkList(node.clause.commands, scope, machine);
    walkList(node.body.commands, scope, machine);
  });
}

function countingLoop(node: Of<'ArithmeticFor'>, frame: Frame, machine: Machine): string {
  evaluate(node.initialize, frame, machine);
  return loop(frame, machine, (scope) => {
    evaluate(node.test, scope, machine);
    walkList(node.body.commands, scope, machine);
    evaluate(node.update, scope, machine);
  });
}

/** Runs a function's body in this frame, as bash does: what it changes stays. */
export function walkBody(body: FunctionNode['body'] | CommandNode, frame: Frame, machine: Machine): string {
  const exits: Frame[] = [];
  const outer = frame.exits;
  frame.exits = exits;
  const output =
    body.type === 'CompoundList' ? walkList(body.commands, frame, machine) : walkNode(body, frame, machine);
  frame.exits = outer;
  if (exits.length > 0) join(frame, [fork(frame), ...exits]);
  return output;
}

function subshell(list: CompoundList, frame: Frame, machine: Machine): string {
  machine.spend(frame.vars.size >> 5);
  return ownShell(fork(frame), machine, (scope) => walkList(list.commands, scope, machine));
}

function branch(list: CompoundList, frame: Frame, machine: Machine): Frame {
  machine.spend(frame.vars.size >> 5);
  const scope = fork(frame);
  walkList(list.commands, scope, machine);
  return scope;
}

function andOr(node: AndOr, frame: Frame, machine: Machine): string {
  let output = '';
  let start: Frame | undefined;
  node.commands.forEach((command, index) => {
    const scope = node.operators[index - 1] === '||' ? fork(frame) : frame;
    output += walkNode(command, scope, machine);
    if (scope !== frame) join(frame, [fork(frame), scope]);
    // The first command always runs; the others may not.
    start ??= fork(frame);
  });
  if (start !== undefined && !untouched(start, frame)) join(frame, [start, fork(frame)]);
  return node.operators.includes('||') ? UNKNOWN : output;
}

function pipeline(node: Pipeline, frame: Frame, machine: Machine): string {
  const [only] = node.commands;
  if (node.commands.length === 1 && only !== undefined) return walkNode(only, frame, machine);
  let stdin = frame.stdin;
  machine.spend((frame.vars.size * node.commands.length) >> 5);
  for (const command of node.commands)
    stdin = ownShell(fork(frame, { stdin }), machine, (scope) => walkNode(command, scope, machine));
  return stdin;
}

function defined(node: FunctionNode, frame: Frame, machine: Machine): void {
  const name = expandOne(node.name, frame, machine);
  // Earlier bodies stay: which definition holds at a call may depend on a branch.
  define(name, [...(frame.functions.get(name) ?? []), node.body], frame);
  if (name === 'command_not_found_handle') walkBody(node.body, fork(frame, { positional: undefined }), machine);
}

function forEach(node: Extract<CommandNode, { type: 'For' | 'Select' }>, frame: Frame, machine: Machine): string {
  const name = node.name.value;
  const items = node.wordlist?.flatMap((word) => expandFields(word, frame, machine)) ?? frame.positional ?? [UNKNOWN];
  for (const item of items) {
    checkSubscript(item, frame, machine);
    refersNow(name, item, frame, true);
  }
  const exact = node.type === 'For' && items.length <= mostItems && !items.some(hasUnknown);
  if (!exact) {
    const item = items.find(hasUnknown) ?? UNKNOWN;
    return loop(frame, machine, (scope) => {
      scope.vars.set(name, item);
      walkList(node.body.commands, scope, machine);
    });
  }
  const exits: Frame[] = [];
  const scope = fork(frame, { exits });
  for (const item of items) {
    scope.vars.set(name, item);
    walkList(node.body.commands, scope, machine);
  }
  if (items.length > 0) frame.vars.set(name, items.at(-1) ?? UNKNOWN);
  join(frame, [fork(frame), scope, ...exits]);
  return UNKNOWN;
}

/** Runs a body as often as it takes until another round would start from nothing new. */
function loop(frame: Frame, machine: Machine, body: (scope: Frame) => void): string {
  for (let round = 0; ; round += 1) {
    machine.spend(frame.vars.size >> 4);
    const before = fork(frame);
    const scope = fork(frame, { exits: [] });
    body(scope);
    join(frame, [before, scope, ...(scope.exits ?? [])]);
    if (settled(before, frame)) return UNKNOWN;
    if (round === 3) for (const name of frame.vars.keys()) frame.vars.set(name, UNKNOWN);
    if (round > 4) throw new RangeError('a loop that does not settle');
  }
}

function walkTest(test: TestExpression, frame: Frame, machine: Machine): void {
  switch (test.type) {
    case 'TestUnary':
      checkSubscript(expandOne(test.operand, frame, machine), frame, machine);
      return;
    case 'TestBinary':
      checkSubscript(expandOne(test.left, frame, machine), frame, machine);
      checkSubscript(expandOne(test.right, frame, machine), frame, machine);
      return;
    case 'TestLogical':
      for (const operand of test.operands) walkTest(operand, frame, machine);
      return;
    case 'TestNot':
      walkTest(test.operand, frame, machine);
      return;
    case 'TestGroup':
      walkTest(test.expression, frame, machine);
      return;
  }
}
