import { dayOrTask } from './day-or-task.ts';

export const build = dayOrTask('stop');
