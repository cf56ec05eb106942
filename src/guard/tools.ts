import { asKnown } from './marks.ts';
import { resolve } from './paths.ts';
import { connection } from './effects/host.ts';
import type { Effect, GuardContext, ToolCall } from './types.ts';

/** What a tool other than a shell would do: what it touches, or that it is called at all. */
export function toolEffects({ tool, input, cwd }: ToolCall, context: GuardContext): Effect[] {
  const itself: Effect[] = [{ kind: 'tool', tool }];
  const absolute = (word: string, from = cwd): string => {
    const path = asKnown(word.startsWith('~/') || word === '~' ? context.home + word.slice(1) : word);
    return resolve(path, { cwds: [from] }, context)[0] ?? from;
  };
  const path = (...names: string[]): string =>
    absolute(names.map((name) => asText(input[name])).find((text) => text !== '') ?? cwd);
  switch (tool) {
    case 'Write':
    case 'Edit':
    case 'MultiEdit':
    case 'NotebookEdit': {
      const target = path('file_path', 'notebook_path', 'path');
      return target === cwd ? itself : [{ kind: 'write', path: target, whole: false }];
    }
    case 'Read':
    case 'NotebookRead':
      return [{ kind: 'read', path: path('file_path', 'notebook_path', 'path'), whole: false }];
    case 'Glob':
    case 'LS': {
      const pattern = asText(input.pattern);
      const start = pattern.slice(0, pattern.search(/[*?[{]|$/)).replace(/[^/]*$/, '');
      const effects: Effect[] = [{ kind: 'list', path: path('path'), whole: pattern.includes('**') }];
      if (start !== '')
        effects.push({ kind: 'list', path: absolute(start, path('path')), whole: pattern.includes('**') });
      return effects;
    }
    case 'Grep':
      return [{ kind: 'read', path: path('path'), whole: true }];
    case 'WebFetch':
      return [connection(asText(input.url), 'WebFetch')];
    case 'WebSearch':
      return [{ kind: 'network', host: 'web-search', command: 'WebSearch', sends: false }];
    default:
      return itself;
  }
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
