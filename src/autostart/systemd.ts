import type { ServiceSpec } from './types.ts';

/** By this line a file is known as ours. */
export const MARK = 'Written by `dayshift service install`';

/** So long, in seconds, the parking of agents may take when the service is ended. */
const STOP_SECONDS = 90;

/** The systemd user unit. It ends only the daemon itself first, which then parks its agents. */
export function systemdUnit({ name, home, command, env }: ServiceSpec): string {
  return `# ${MARK}: install it again rather than edit it.
# ${name}

[Unit]
Description=Dayshift in ${plain(home)}
StartLimitIntervalSec=600
StartLimitBurst=5

[Service]
Type=exec
WorkingDirectory=${plain(home)}
${Object.entries(env)
  .map(([key, value]) => `Environment=${quoted(`${key}=${value}`)}`)
  .join('\n')}
ExecStart=${command.map((word) => quoted(word).replaceAll('$', '$$$$')).join(' ')}
# 2: a file of yours is wrong, which no restart mends. \`dayshift down\` ends it with 0: it stays down.
Restart=on-failure
RestartPreventExitStatus=2
RestartSec=10
# The daemon alone is told to end, and parks its agents; what is left after that is killed.
KillMode=mixed
TimeoutStopSec=${STOP_SECONDS}
# One agent that takes too much memory is no reason to end all.
OOMPolicy=continue

[Install]
WantedBy=default.target
`;
}

/** A value that systemd takes as it stands, but for its own \`%\` words. */
function plain(text: string): string {
  return text.replaceAll('%', '%%');
}

/** One word in double quotes, as systemd reads it. */
function quoted(text: string): string {
  return `"${plain(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
