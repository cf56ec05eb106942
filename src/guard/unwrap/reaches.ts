import type { Machine } from '../machine.ts';
import { connect } from '../effects/host.ts';
import { readPath } from '../paths.ts';
import type { Frame } from '../shell/frame.ts';

/** Code that is loaded, a page that is opened or a name that is looked up, by an address that stands there. */
const loads =
  /\b(?:import|from|source|url-(?:retrieve|copy-file|insert-file-contents)[\w-]{0,20}|webbrowser\s*\.\s*open\w*)\s*\(?\s*["'](https?:\/\/[^"']{1,300})["']/g;
const names = /\b(?:gethostbyname\w*|getaddrinfo|getnameinfo)\s*\(\s*["']([^"']{1,300})["']/g;
/** A signal, and the process that started this one: the agent's own program. */
const signals = /\bkill(?:pg)?\b/;
const parent = /\bgetppid\b|\bppid\b|\bPPID\b/;

/** R's libraries of git. */
const rWrites =
  /\b(?:gert\s*::\s*git_(?:commit|push|add|rm|reset|merge|rebase|stash|tag|branch|checkout|clone|init|pull|cherry)\w*|git2r\s*::\s*(?:commit|push|add|reset|merge|stash|tag|checkout|init|pull|branch_\w+)|usethis\s*::\s*(?:use_git\w*|pr_\w+)|pkgdown\s*::\s*deploy_\w+)\s*\(/;

/** What a one-liner does to the one who watches it, to stores of secrets, and where it loads from. */
export function reaches(code: string, language: string, frame: Frame, machine: Machine): void {
  if (signals.test(code) && parent.test(code))
    machine.emit({ kind: 'tamper', what: `a ${language} one-liner that ends what started it` });
  for (const pattern of [loads, names])
    for (const [, address = ''] of code.matchAll(pattern)) connect(address, `${language} one-liner`, machine);
  if (rWrites.test(code)) machine.emit({ kind: 'git_write', command: `${language} with a git library` });
  if (language !== 'python') return;
  const { home } = machine.context;
  if (/\bnetrc\s*\.\s*netrc\s*\(\s*\)/.test(code)) readPath(`${home}/.netrc`, frame, machine);
  if (/\bkeyring\s*\.\s*get_(?:password|credential)\b/.test(code))
    readPath(`${home}/.local/share/keyrings`, frame, machine, true);
}
