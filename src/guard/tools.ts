import { UNKNOWN, asKnown } from './marks.ts';
import { resolve } from './paths.ts';
import { connection } from './effects/host.ts';
import { globOf } from './effects/readers.ts';
import { expandBraces } from './shell/braces.ts';
import type { Effect, GuardContext, ToolCall } from './types.ts';

/** What a tool other than a shell would do: what it touches, or that it is called at all. */
export function toolEffects({ tool, input, cwd }: ToolCall, context: GuardContext): Effect[] {
  const itself: Effect[] = [{ kind: 'tool', tool }];
  const absolute = (word: string, from = cwd): string => {
    const path = asKnown(word.startsWith('~/') || word === '~' ? context.home + word.slice(1) : word);
    return resolve(path, { cwds: [from] }, context)[0] ?? from;
  };
  // What is there but is no text is not for guessing.
  if (['file_path', 'notebook_path', 'path', 'glob', 'url'].some((name) => !isText(input[name]))) return itself;
  const paths = (...names: string[]): string[] =>
    names
      .map((name) => asText(input[name]))
      .filter((text) => text !== '')
      .map((text) => absolute(text));
  const path = (name: string): string => paths(name)[0] ?? absolute(cwd);
  switch (tool) {
    case 'Write':
    case 'Edit':
    case 'MultiEdit':
    case 'NotebookEdit': {
      // The tool takes one of them; which one is its own affair.
      const targets = paths('file_path', 'notebook_path', 'path');
      return targets.length === 0 || targets.includes(cwd)
        ? itself
        : targets.map((target) => ({ kind: 'write', path: target, whole: false }));
    }
    case 'Read':
    case 'NotebookRead': {
      const targets = paths('file_path', 'notebook_path', 'path');
      return (targets.length === 0 ? [absolute(cwd)] : targets).map((target) => ({
        kind: 'read',
        path: target,
        whole: false,
      }));
    }
    case 'Glob':
    case 'LS': {
      const pattern = asText(input.pattern);
      const whole = pattern.includes('**');
      const effects: Effect[] = [{ kind: 'list', path: path('path'), whole }];
      for (const one of expandBraces(pattern) ?? [UNKNOWN]) {
        const end = one.search(/[*?[{]|$/);
        const start = one.slice(0, end).replace(/[^/]*$/, '');
        if (start !== '') effects.push({ kind: 'list', path: absolute(start, path('path')), whole });
        if (one === UNKNOWN || /(?:^|\/)\.\.(?:\/|$)/.test(one.slice(start.length)))
          effects.push({ kind: 'unknown', what: `the pattern ${pattern} may lead anywhere`, runs: false });
      }
      return effects;
    }
    case 'Grep': {
      const effects: Effect[] = [{ kind: 'read', path: path('path'), whole: true }];
      for (const pattern of asText(input.glob).split(/[\s,]+(?![^{]*\})/))
        for (const one of expandBraces(pattern) ?? [UNKNOWN])
          if (one !== '' && !one.startsWith('!'))
            for (const file of resolve(globOf(asKnown(one)), { cwds: [path('path')] }, context))
              effects.push({ kind: 'read', path: file, whole: false });
      return effects;
    }
    case 'WebFetch':
      return [connection(asText(input.url), 'WebFetch')];
    case 'WebSearch':
      return [{ kind: 'network', host: 'web-search', command: 'WebSearch', sends: false }];
    default:
      return itself;
  }
}

const isText = (value: unknown): boolean => value === undefined || value === null || typeof value === 'string';
const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
