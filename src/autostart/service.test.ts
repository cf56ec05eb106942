import { expect, test } from 'vitest';
import { launchAgent } from './launchd.ts';
import { managerFor, missingOf } from './manager.ts';
import { managerOf, unseen } from './spec.ts';
import { systemdUnit } from './systemd.ts';
import type { ServiceSpec } from './types.ts';

const spec = (home: string): ServiceSpec => ({
  name: 'dayshift-home-1',
  home,
  command: ['/opt/node/bin/node', '/opt/dayshift/bin.js', '--home', home, 'up'],
  env: { PATH: '/opt/node/bin:/usr/bin', HOME: '/home/me' },
  logFile: '/home/me/Library/Logs/dayshift-home-1.log',
});

test('a unit starts the daemon by absolute paths, restarts it after a crash, and lets it park its agents', () => {
  const unit = systemdUnit(spec('/home/me/shop'));
  expect(unit).toContain('ExecStart="/opt/node/bin/node" "/opt/dayshift/bin.js" "--home" "/home/me/shop" "up"\n');
  expect(unit).toContain('Environment="PATH=/opt/node/bin:/usr/bin"\n');
  for (const line of ['Restart=on-failure', 'KillMode=mixed', 'OOMPolicy=continue', 'WantedBy=default.target'])
    expect(unit).toContain(`\n${line}\n`);
});

test('what systemd would read otherwise is written so that it reads what was meant', () => {
  const unit = systemdUnit(spec('/home/me/a b/50%/$X/"q"/back\\slash'));
  expect(unit).toContain('WorkingDirectory=/home/me/a b/50%%/$X/"q"/back\\slash\n');
  expect(unit).toContain(String.raw`"--home" "/home/me/a b/50%%/$$X/\"q\"/back\\slash" "up"`);
});

test('an agent of launchd has the same program, environment and folder', () => {
  const agent = launchAgent(spec('/Users/me/a & <b>'));
  expect(agent).toContain('<string>/Users/me/a &amp; &lt;b&gt;</string>');
  expect(agent).toMatch(/<key>PATH<\/key>\s*<string>\/opt\/node\/bin:\/usr\/bin<\/string>/);
  expect(agent).toMatch(/<key>KeepAlive<\/key>\s*<dict>\s*<key>SuccessfulExit<\/key>\s*<false\/>/);
  expect(agent.match(/<string>\/home\/me\/Library\/Logs\/dayshift-home-1\.log<\/string>/g)?.length).toBe(2);
});

test('a file whose programs are gone is known by them, of either kind', () => {
  const here = { ...spec('/h'), command: [process.execPath, '/no/such/b"i%n.js', '--home', '/h', 'up'] };
  for (const text of [systemdUnit(here), launchAgent(here)]) expect(missingOf(text)).toEqual(['/no/such/b"i%n.js']);
});

test('each system has its own manager, and what a person types for it names the service', () => {
  expect([managerOf('linux'), managerOf('darwin'), managerOf('win32')]).toEqual(['systemd', 'launchd', undefined]);
  const systemd = managerFor('systemd', spec('/h'), {}, 501);
  expect(systemd.file).toBe('/home/me/.config/systemd/user/dayshift-home-1.service');
  expect(systemd.say.logs).toBe('journalctl --user -u dayshift-home-1.service -f');
  const launchd = managerFor('launchd', spec('/h'), {}, 501);
  expect(launchd.file).toBe('/home/me/Library/LaunchAgents/dayshift-home-1.plist');
  expect(launchd.say.enable).toBe('launchctl bootstrap gui/501 /home/me/Library/LaunchAgents/dayshift-home-1.plist');
});

test('what only the terminal sets is named, never its value', () => {
  const env = { ANTHROPIC_API_KEY: 'secret', TELEGRAM_BOT_TOKEN: 'secret', LANG: 'C', DISCORD_BOT_TOKEN: '' };
  expect(unseen(env, { TELEGRAM_BOT_TOKEN: 'the same' })).toEqual(['ANTHROPIC_API_KEY']);
});
