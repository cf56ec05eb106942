export { didYouMean, nearest, orList } from './nearest.ts';
export { parseDocument, type Parsed, type ParseOptions } from './parse.ts';
export { formatPath, formatProblem, tidyProblems, type Path, type Problem } from './problem.ts';
export { readText, decodeText, type ReadResult } from './read.ts';
