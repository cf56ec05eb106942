import { UNKNOWN, isKnown } from '../marks.ts';
import type { Machine } from '../machine.ts';
import { connect } from '../effects/host.ts';
import { loadBefore } from '../unwrap/loads.ts';
import { writePath } from '../paths.ts';
import type { Frame } from './frame.ts';

/** Variables that some program obeys: each tells what its value does. The first whose name fits counts. */
interface Variable {
  name: RegExp;
  tell(value: string, frame: Frame, machine: Machine, name: string): void;
}

const opaque = (what: string, machine: Machine): void => {
  machine.emit({ kind: 'unknown', what, runs: true });
};

/** Words as programs split them that have no quotes, only backslashes. */
const wordsOf = (value: string): string[] =>
  [...value.matchAll(/(?:\\.|\S)+/gs)].map(([word]) => word.replace(/\\(.)/gs, '$1'));

const plainMakeFlag =
  /^(?:-?[bBdeiknpqrsStvw]*(?:j\d*)?|-[jlO][\w.]*|--(?:jobs|load-average|output-sync|silent|quiet|keep-going|no-print-directory|warn-undefined-variables|always-make|no-builtin-rules|no-builtin-variables|debug|trace|dry-run|just-print)(?:=\S*)?)$/;

const obeyed: readonly Variable[] = [
  {
    // Programs and the shell run the value as a command.
    name: /^(?:(?:|MAN|GIT_|BAT_|DELTA_|SYSTEMD_|AWS_|PSQL_|GH_)PAGER|(?:|GIT_|KUBE_|HG|SVN_|PSQL_|GH_|FC|LESS)EDIT(?:OR)?|VISUAL|GIT_SEQUENCE_EDITOR|GIT_SSH|GIT_SSH_COMMAND|GIT_ASKPASS|SSH_ASKPASS|SUDO_ASKPASS|GIT_EXTERNAL_DIFF|GIT_PROXY_COMMAND|LESSOPEN|LESSCLOSE|(?:GH_)?BROWSER|PROMPT_COMMAND|RSYNC_RSH|CVS_RSH|SVN_SSH|SHELLOPTS|PERL5DB|CC|CXX|CARGO_TARGET_\w+_(?:RUNNER|LINKER)|npm_config_(?:git|editor|viewer|browser|shell))$/i,
    tell: (value, frame, machine) => void machine.run(value.replace(/^\|\s*/, ''), frame),
  },
  {
    name: /^(?:(?:CARGO_BUILD_)?RUST(?:C|DOC)|(?:CARGO_BUILD_)?RUSTC_(?:WORKSPACE_)?WRAPPER)$/,
    tell: (value, frame, machine) => void machine.run(`${value} rustc`, frame),
  },
  {
    name: /^TAR_OPTIONS$/,
    tell: (value, frame, machine) => void machine.invoke(['tar', ...wordsOf(value)], frame),
  },
  {
    // A function for every bash that is started: what it is called for is not to be seen.
    name: /^BASH_FUNC_/,
    tell: (value, frame, machine, name) => {
      opaque(`${name} makes a function of any command`, machine);
      if (isKnown(value)) machine.run(value.replace(/^\s*\(\)\s*/, ''), frame);
    },
  },
  {
    name: /^(?:GNU)?MAKEFLAGS$/,
    tell: (value, _, machine, name) => {
      const flags = value.replace(new RegExp(`(-j)[${UNKNOWN}\u0013]`, 'g'), '$1');
      if (!flags.split(/\s+/).every((word) => plainMakeFlag.test(word)))
        opaque(`${name} tells make what else to run`, machine);
    },
  },
  {
    name: /^MAKEFILES$/,
    tell: (value, frame, machine) => {
      for (const file of value.split(/\s+/)) machine.invoke(['make', '-f', file], frame);
    },
  },
  {
    name: /^GOFLAGS$/,
    tell: (value, frame, machine) => {
      for (const [, program = ''] of value.matchAll(/-(?:toolexec|exec|vettool)=(.+)/gs))
        machine.run(program.replace(/^["']|["']$/g, ''), frame);
    },
  },
  {
    name: /^npm_config_script[-_]shell$/i,
    tell: (value, _, machine, name) => {
      if (!/^(?:\/(?:usr\/)?bin\/)?(?:ba|da|z)?sh$/.test(value)) opaque(`${name} runs every script of npm`, machine);
    },
  },
  {
    name: /^(?:NODE_OPTIONS|npm_config_node[-_]options)$/i,
    tell: (value, frame, machine) => loadBefore(value, 'node', frame, machine),
  },
  {
    name: /^MANOPT$/,
    tell: (value, frame, machine) => void machine.invoke(['man', ...wordsOf(value), 'man'], frame),
  },
  {
    name: /^LUA_INIT(?:_\d_\d)?$/,
    tell: (value, frame, machine) =>
      void machine.invoke(value.startsWith('@') ? ['lua', value.slice(1)] : ['lua', '-e', value], frame),
  },
  { name: /^RUBYOPT$/, tell: (value, frame, machine) => loadBefore(value, 'ruby', frame, machine) },
  { name: /^PERL5OPT$/, tell: (value, frame, machine) => loadBefore(value, 'perl', frame, machine) },
  {
    name: /^PYTHONSTARTUP$/,
    tell: (value, frame, machine) => void machine.invoke(['python3', value], frame),
  },
  {
    name: /^PYTEST_ADDOPTS$/,
    tell: (value, frame, machine) => void machine.invoke(['pytest', ...wordsOf(value)], frame),
  },
  {
    name: /^PYTHONBREAKPOINT$/,
    tell: (value, _, machine, name) => {
      if (!/^(?:0|(?:[\w.]+\.)?set_trace)$/.test(value)) opaque(`${name} names what breakpoint() calls`, machine);
    },
  },
  {
    name: /^LESS$/,
    tell: (value, frame, machine) => {
      for (const [, command = ''] of value.matchAll(/\+[!|](.*)/gs)) machine.run(command, frame);
    },
  },
  {
    name: /^(?:JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|MAVEN_OPTS|JAVA_OPTS)$/,
    tell: (value, frame, machine) => {
      for (const [, command = ''] of value.matchAll(/-XX:On(?:Error|OutOfMemoryError)=(.*)/gs))
        machine.run(command.replace(/^["']|["']$/g, ''), frame);
    },
  },
  {
    name: /^(?:https?|all|ftp)_proxy$/i,
    tell: (value, _, machine, name) => connect(value, `${name}=${value}`, machine, { sends: true }),
  },
  {
    // Where packages come from: an index that is named is a host like any other, also the usual one.
    name: /^(?:PIP_(?:EXTRA_)?INDEX_URL|UV_(?:DEFAULT_|EXTRA_)?INDEX(?:_URL)?|npm_config_registry|YARN_NPM_REGISTRY_SERVER|GOPROXY|CARGO_REGISTRIES_\w+_INDEX|BUNDLE_MIRROR__\w+|COMPOSER_REPO_PACKAGIST|PUB_HOSTED_URL|HEX_MIRROR(?:_URL)?|RUBYGEMS_HOST|CONDA_CHANNEL_ALIAS)$/i,
    tell: (value, _, machine, name) => {
      for (const index of value.split(/[\s,|]+/))
        if (index !== 'off' && index !== 'direct') connect(index, `${name}=${value}`, machine);
    },
  },
  {
    name: /^(?:LD_PRELOAD|LD_AUDIT|DYLD_INSERT_LIBRARIES)$/,
    tell: (_, _frame, machine, name) => opaque(`${name} loads code into programs`, machine),
  },
  {
    name: /^GIT_TRACE/,
    tell: (value, frame, machine) => {
      if (value.startsWith('/')) writePath(value, frame, machine);
    },
  },
];

/** What a program obeys that reads this variable; undefined where none is known to. */
export const variableNamed = (name: string): Variable | undefined => obeyed.find((one) => one.name.test(name));
