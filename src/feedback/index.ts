/** What a person thinks of a day's work, as the file `feedback/DATE.md` has it. Pure. */
export { withRating } from './rate.ts';
