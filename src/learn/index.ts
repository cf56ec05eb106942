/** What is learned from people's feedback: lessons, what they do, for which tasks, and how they did. Pure. */
export { LESSONS_FILE, readDoes } from './entry.ts';
export { newsInFile, withLessonsIn } from './file.ts';
export { judgementsOf } from './judge.ts';
export { proposalFormat, proposalPrompt, readProposal, type ModelProposal } from './model.ts';
export { patternsOf } from './patterns.ts';
export { proposalsOf, shortened } from './propose.ts';
export { scopeWords } from './scope.ts';
export { bulletOf, correctionOf, selectForDay, selectLessons } from './select.ts';
export { doesWords, lessonLine, lessonPage, lessonWhy, nextWords } from './show.ts';
export { doubtsOf, movesOf } from './standing.ts';
export { wellRated } from './past.ts';
export { takenBack } from './taken-back.ts';
export { suggestContext } from './suggest.ts';
export { staysInside, structureOf, type Said } from './structure.ts';
