/** What a person thinks of a day's work, as the file `feedback/DATE.md` has it. Pure. */
export { newsOf } from './news.ts';
export { withRating } from './rate.ts';
export { settingOf } from './settings.ts';
export { readStars } from './stars.ts';
export { understood } from './understood.ts';
export type { Feedback, KnownTask } from './types.ts';
