/** Why a session goes on with a prompt. */
export type GoOnReason = 'first' | 'answer' | 'interrupted' | 'checks' | 'again' | 'hung' | 'crashed' | 'waited';

const OPENING: Record<GoOnReason, string> = {
  first: 'Go on with the task.',
  answer: 'The person answered. Go on with the task where you stopped, with this answer in mind.',
  interrupted:
    'You were interrupted in the middle of your work. Look at what is there (git status, git diff, your notes), then go on from there; do not start over.',
  checks: 'Your work was checked, and it is not done yet. Fix what follows, then finish as before.',
  again: 'You are asked for another go at this task. Look at what is there first, then go on.',
  hung: 'You were stopped because nothing moved for a long time. Look at what is there and go on another way: no commands that wait for input or never end.',
  crashed: 'You ended with an error. Look at what is there, then go on from there; do not start over.',
  waited: 'You were paused, and may go on now. Look at what is there, then go on where you stopped.',
};

/** The prompt with which a session goes on: why, and what happened meanwhile (answers, failed checks, a person's words), in order. */
export function goOnPrompt(why: GoOnReason, news: string[] = []): string {
  const told = news.map((text) => text.trim()).filter((text) => text !== '');
  return [OPENING[why], ...told].join('\n\n');
}
