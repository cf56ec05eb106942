import fc from 'fast-check';

/**
 * Set-up of every project: properties try the same inputs in every run, so that a test which was green is green
 * again. `PROPERTY_SEED=N npm test` looks elsewhere; what it finds is written down as a test of its own.
 */
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? '20261123') });
