import { DayshiftError } from './errors.ts';

/**
 * Throws where calls could not go through the proxy that a setting names: another kind of proxy, or a Node whose agents
 * know none (before 22.21 and 24.5), which would go straight on without a word.
 */
export function checkProxy(proxy: string, setting: string, nodeVersion: string = process.versions.node): void {
  if (!/^https?:\/\//.test(proxy))
    throw new DayshiftError('usage', `${setting}: only http and https proxies are known here`, {
      hint: 'most SOCKS proxies have an HTTP port too: name that one',
    });
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  if (!(major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21)))
    throw new DayshiftError('environment', `${setting} is set, and Node ${nodeVersion} cannot use a proxy`, {
      hint: 'use Node 24.5 or newer (or 22.21), or take the setting away',
    });
}
