import { createHash } from 'node:crypto';
import { cutEnd, oneLine, queues } from '../../src/base/index.ts';
import { may } from '../../src/people/index.ts';
import type { Outcome } from '../../src/operator/index.ts';
import { ask, refused } from './answering.ts';
import { taskAt, type Action } from './actions.ts';
import { becomes } from './becomes.ts';
import { newTaskCard, wordsCard } from './cards/draft.ts';
import { chatWords } from './commands/words.ts';
import type { Call } from './commands/types.ts';
import type { Answer, InFile, Message } from './input.ts';
import { passOn } from './files.ts';
import { paragraphs, quote, rich } from './rich/index.ts';

/** Keeps words until a button says what they are for. Resolves with their name. */
async function keep(call: Call, text: string, files: InFile[] = []): Promise<string> {
  const id = createHash('sha256').update(call.newId()).digest('base64url').slice(0, 8);
  await call.journal.append({
    type: 'draft.made',
    data: { id, text: call.redact(text.slice(0, 20_000)), ...(files.length === 0 ? {} : { files }) },
    actor: call.by,
  });
  return id;
}

/** A card that shows what the sentence would become. */
export async function offerTask(call: Call, text: string): Promise<Message> {
  return newTaskCard(await keep(call, text), text, call.sign);
}

/** Asks what words are for. */
export async function offerUses(
  call: Call,
  text: string,
  of: { day: string; task: string } | undefined,
  files: InFile[] = [],
): Promise<Message> {
  const shown = files.length === 0 ? text : `${text} [${files.map(({ name }) => name).join(', ')}]`.trim();
  return wordsCard(call.journal.state, await keep(call, text, files), shown, of, call.sign);
}

/** Somebody said what their words are for; each draft is used once. `text`: it was edited. */
export function use(call: Call, action: Action & { do: 'use' }, text?: string): Promise<Answer> {
  // Taps may be seen to side by side: the second of two finds it used.
  return inTurn(action.draft, () => become(call, action, text));
}

const inTurn = queues();

async function become(call: Call, action: Action & { do: 'use' }, text?: string): Promise<Answer> {
  if (!may(call.person, 'work')) return refused(call);
  const kept = call.journal.state.chat.drafts[action.draft];
  if (kept === undefined) return { toast: 'That is done already, or forgotten.', messages: [] };
  switch (action.as) {
    case 'forget':
      await done(call, action.draft);
      await becomes(call, { rich: rich('Forgotten.') });
      return { toast: 'Forgotten.', shown: true, messages: [] };
    case 'task': {
      const card = newTaskCard(action.draft, kept, call.sign);
      return (await becomes(call, card)) ? { messages: [] } : { messages: [card] };
    }
    case 'edit': {
      if (text === undefined) {
        await ask(call, action, 'Reply to this message with the task as it should be.');
        return { messages: [] };
      }
      await done(call, action.draft);
      return { messages: [await offerTask(call, text)] };
    }
    case 'answer':
      return finish(call, action.draft, await call.answer(action.of ?? '', kept));
    case 'tell': {
      const found = taskAt(call.journal.state, action.of ?? '');
      if (found === undefined) return { toast: 'This task is gone.', messages: [] };
      const files = call.journal.state.chat.draftFiles?.[action.draft] ?? [];
      return finish(call, action.draft, await passOn(call, `${found.day}/${found.task}`, kept, files));
    }
    case 'start':
    case 'today':
    case 'backlog': {
      const where = action.as === 'backlog' ? 'backlog' : 'today';
      const project = projectOf(call);
      const input = { text: kept, where, ...(project === undefined ? {} : { project }), start: action.as === 'start' };
      const files = call.journal.state.chat.draftFiles?.[action.draft] ?? [];
      const added = await call.operator.add(input, call.by);
      return finish(call, action.draft, await withFiles(call, added, files));
    }
  }
}

/** The files that came with the words go to the task that they became, where that is in a day already. */
async function withFiles(call: Call, added: Outcome, files: readonly InFile[]): Promise<Outcome> {
  if (!added.ok || files.length === 0) return added;
  const id = String(added.data?.id);
  const isThere = Object.values(call.journal.state.days).some(
    ({ status, tasks }) => status === 'running' && Object.hasOwn(tasks, id),
  );
  if (!isThere)
    return { ...added, message: `${added.message} Its files did not come along: send them when it is in a day.` };
  const passed = await passOn(call, id, '', files);
  return { ...added, message: `${added.message} ${passed.message}` };
}

/** The project whose chat this is. */
function projectOf(call: Call): string | undefined {
  const { channel, chat } = call.input;
  return Object.entries(call.home.config.chat[channel].projects).find(([, own]) => own === chat)?.[0];
}

/** The card whose button was tapped becomes the receipt: there is nothing left on it to tap. */
async function finish(call: Call, draft: string, outcome: Outcome): Promise<Answer> {
  const said = chatWords(outcome.message);
  const toast = said.slice(0, 180);
  if (!outcome.ok) return { toast, messages: [{ rich: paragraphs(said) }] };
  const kept = call.journal.state.chat.drafts[draft] ?? '';
  await done(call, draft);
  const words = rich(quote(cutEnd(oneLine(kept), 300)), ...paragraphs(`✅ ${said}`));
  if (await becomes(call, { rich: words })) return { toast, shown: true, messages: [] };
  return { toast, messages: [{ rich: paragraphs(said) }] };
}

async function done(call: Call, draft: string): Promise<void> {
  await call.journal.append({ type: 'draft.used', data: { id: draft }, actor: call.by });
}
