/**
 * How many runs a property gets: all of them where the machine has time (project `real` of vitest), a tenth in the unit
 * suite, which takes seconds. For files named `properties.test.ts`: those are in both projects.
 */
export function runs(thorough: number): { numRuns: number } {
  return { numRuns: process.env.THOROUGH === 'yes' ? thorough : Math.ceil(thorough / 10) };
}
