import { parseScript } from './shell/parse.ts';

/** Deeper nodes are left out: it is for people. */
const deepest = 12;
const mostLines = 200;

/** What the parser sees in a command, a line a node, indented; at the end what it could not read. */
export function outline(command: string): string[] {
  const script = parseScript(command);
  const lines: string[] = [];
  show(script, 0, lines);
  for (const { message } of script.errors ?? []) lines.push(`error: ${message}`);
  return lines.length > mostLines ? [...lines.slice(0, mostLines), '…'] : lines;
}

/** Nodes that only hold others together. */
const silent = new Set(['Script', 'Statement', 'CompoundList']);

function show(node: object, depth: number, lines: string[]): void {
  if (lines.length > mostLines) return;
  const { type } = node as { type?: unknown };
  let inner = depth;
  if (typeof type === 'string' && isCommand(type)) {
    lines.push(`${'  '.repeat(depth)}${labelOf(node, type)}`);
    inner += 1;
  }
  if (inner > deepest) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'errors') continue;
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value as unknown])
      if (typeof child === 'object' && child !== null) show(child, inner, lines);
  }
}

interface Named {
  operators?: readonly string[];
  name?: { text?: string; value?: string };
  prefix?: readonly { name?: string }[];
  args?: readonly { text?: string; name?: string }[];
  text?: string;
}

const shownTypes =
  /^(?:AndOr|Pipeline|Command|Redirected|Function|Coproc|Subshell|BraceGroup|If|Case|While|For|Select|ArithmeticFor|TestCommand|ArithmeticCommand|CommandExpansion|ProcessSubstitution|HereDoc|HereString|Redirect)$/;

const isCommand = (type: string): boolean => !silent.has(type) && shownTypes.test(type);

function labelOf(node: Named, type: string): string {
  if (type === 'Command') {
    const set = (node.prefix ?? []).map(({ name }) => `${name ?? ''}=…`);
    const words = [...set, node.name?.text, ...(node.args ?? []).map((arg) => arg.text ?? `${arg.name ?? ''}=…`)];
    return `command: ${words.filter((word) => word !== undefined).join(' ')}`;
  }
  const words = {
    AndOr: `list joined by ${[...new Set(node.operators ?? [])].join(' ')}`,
    Pipeline: 'pipeline',
    CommandExpansion: `substitution: ${node.text ?? ''}`,
    ProcessSubstitution: `process substitution: ${node.text ?? ''}`,
    Function: `function ${node.name?.text ?? ''}`,
    HereDoc: 'heredoc',
    HereString: 'here-string',
    Redirect: 'redirection',
  } as Record<string, string>;
  return words[type] ?? type.toLowerCase();
}
