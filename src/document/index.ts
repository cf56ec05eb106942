export { didYouMean, nearest, orList } from './nearest.ts';
export { parseDocument } from './parse.ts';
export { filesOf, formatPath, formatProblem, tidyProblems, type Path, type Problem } from './problem.ts';
export { decodeText, readText } from './read.ts';
export { standsFor } from './shape.ts';
