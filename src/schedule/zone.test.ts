import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantOf, wallOf } from './zone.ts';

const iso = (wall: string, zone: string) => new Date(instantOf(wall, zone)).toISOString();

test.each([
  ['2026-11-23T08:00', 'Europe/Berlin', '2026-11-23T07:00:00.000Z'],
  ['2026-11-23T23:59', 'UTC', '2026-11-23T23:59:00.000Z'],
  ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
  ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  ['2026-03-08T02:00', 'America/New_York', '2026-03-08T07:00:00.000Z'],
  ['2026-11-01T01:59', 'America/New_York', '2026-11-01T05:59:00.000Z'],
  ['2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-03T15:30:00.000Z'],
  ['2011-12-30T12:00', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ['2026-11-23T08:00', 'Asia/Kathmandu', '2026-11-23T02:15:00.000Z'],
])('%s in %s is %s', (wall, zone, instant) => {
  expect(iso(wall, zone)).toBe(instant);
});

test('every instant is shown by its wall, and the wall leads back to it or to its first twin', () => {
  const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC');
  const minutes = fc.integer({ min: Date.parse('2020-01-01') / 60_000, max: Date.parse('2035-01-01') / 60_000 });
  fc.assert(
    fc.property(zones, minutes, (zone, minute) => {
      const instant = minute * 60_000;
      const back = instantOf(wallOf(instant, zone), zone);
      expect(wallOf(back, zone)).toBe(wallOf(instant, zone));
      expect(instant - back).toBeGreaterThanOrEqual(0);
      expect(instant - back).toBeLessThanOrEqual(3_600_000);
    }),
  );
});
