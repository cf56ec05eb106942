/**
 * How many runs a property gets: all of them where the machine has time (project `real` of vitest), a tenth in the unit
 * suite, which takes seconds. For files named `properties.test.ts`: those are in both projects.
 */
export function runs(thorough: number): { numRuns: number } {
  return { numRuns: process.env.THOROUGH === 'yes' ? thorough : Math.ceil(thorough / 10) };
}

/**
 * Processor time of this process, in ms: what a bound against quadratic work counts in tests. Other programs on the machine
 * do not make it longer.
 */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
