import { UNKNOWN } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { setOf, takeApart, valuesOf, has } from '../options.ts';
import { readPath, writePath } from '../paths.ts';
import { fork } from '../shell/frame.ts';

const runValues = setOf(
  '-e -v -w -p -u -l -m -h -a -c --env --env-file --volume --mount --workdir --publish --user --name --network --net --entrypoint --label --memory --cpus --platform --hostname --add-host --dns --device --cap-add --cap-drop --security-opt --pid --ipc --restart --log-driver --tmpfs --ulimit --gpus --shm-size --pull --index --detach-keys --volumes-from',
);
const globalValues = setOf(
  '-H -c -f -p -l --host --context --config --log-level --file --project-name --profile --project-directory --env-file --ansi',
);

/** docker, podman: what runs in a container is looked at; its paths are not ours, its mounts are. */
function docker(call: Call): string {
  const { machine } = call;
  const parsed = takeApart(call.args, globalValues, true);
  let [command = '', ...rest] = parsed.words;
  if (call.name === 'docker-compose' || call.name === 'podman-compose') return compose(call, call.args);
  if (command === 'compose') return compose(call, rest);
  if (/^(?:container|image)$/.test(command)) [command = '', ...rest] = rest;
  if (command === 'exec') inside(call, rest, 1);
  else if (command === 'run' || command === 'create') run(call, rest);
  else if (/^(?:push|login|logout|trust)$/.test(command)) machine.emit({ kind: 'publish', command: call.shown });
  else if (command === 'cp') {
    for (const word of takeApart(rest, new Set()).words)
      if (!/^[\w.-]+:/.test(word)) writePath(word, call.frame, machine);
  } else if (command === 'volume' || command === 'system') {
    const [action = ''] = rest;
    if (/^(?:rm|remove|prune)$/.test(action)) machine.emit({ kind: 'database', how: 'client', command: call.shown });
    else machine.emit({ kind: 'process', command: call.shown });
  } else if (
    /^(?:plugin|swarm|node|service|stack|secret|config|context)$/.test(command) &&
    !/^(?:ls|list|inspect|ps|show)$/.test(rest[0] ?? '')
  ) {
    machine.emit({ kind: 'tamper', what: call.shown });
  } else machine.emit({ kind: 'process', command: call.shown });
  return UNKNOWN;
}

function compose(call: Call, args: readonly string[]): string {
  const parsed = takeApart(args, globalValues, true);
  const [command = '', ...rest] = parsed.words;
  if (command === 'exec' || command === 'run') inside(call, rest, 1);
  else if (command === 'push') call.machine.emit({ kind: 'publish', command: call.shown });
  else if ((command === 'down' || command === 'rm') && rest.some((arg) => /^(?:-\w*v\w*|--volumes)$/.test(arg))) {
    call.machine.emit({ kind: 'database', how: 'client', command: call.shown });
  } else call.machine.emit({ kind: 'process', command: call.shown });
  return UNKNOWN;
}

function run(call: Call, args: readonly string[]): void {
  const parsed = takeApart(args, runValues, true);
  const { frame, machine } = call;
  for (const mount of valuesOf(parsed, '-v', '--volume')) {
    const [from = ''] = mount.split(':');
    if (/^[./~$\u0000]/.test(from)) (/:ro(?:,|$)/.test(mount) ? readPath : writePath)(from, frame, machine);
  }
  for (const mount of valuesOf(parsed, '--mount')) {
    const from = /(?:^|,)(?:source|src)=([^,]*)/.exec(mount)?.[1];
    if (from !== undefined && mount.includes('type=bind')) writePath(from, frame, machine);
  }
  for (const file of valuesOf(parsed, '--env-file')) readPath(file, frame, machine);
  const host = parsed.options.some(
    ({ name, value }) =>
      name === '--privileged' ||
      (/^--(?:pid|ipc|userns|net|network)$/.test(name) && value === 'host') ||
      name === '--device',
  );
  if (host) machine.emit({ kind: 'tamper', what: 'a container with the host’s own namespaces or devices' });
  for (const entry of valuesOf(parsed, '--entrypoint'))
    machine.invoke([entry, ...parsed.words.slice(1)], foreign(call));
  inside(call, args, 1);
}

/** What runs inside: the words after the container's name. */
function inside(call: Call, args: readonly string[], skip: number): void {
  const words = takeApart(args, runValues, true).words.slice(skip);
  if (words.length > 0) call.machine.invoke(words, foreign(call));
  else call.machine.emit({ kind: 'process', command: call.shown });
}

const foreign = (call: Call): ReturnType<typeof fork> =>
  fork(call.frame, { foreign: true, via: [...call.frame.via, call.name] });

/** kubectl and its like: looking at a cluster is a connection, changing it too. */
function kubectl(call: Call): string {
  const parsed = takeApart(
    call.args,
    setOf('-n -c -f -l -o -k --namespace --container --context --kubeconfig --filename --selector --output'),
    true,
  );
  const [command = '', ...rest] = parsed.words;
  if (command === 'exec' || command === 'run' || command === 'debug') {
    const at = rest.indexOf('--');
    const words =
      at >= 0 ? rest.slice(at + 1) : takeApart(rest, setOf('-n -c --namespace --container'), true).words.slice(1);
    if (words.length > 0) call.machine.invoke(words, foreign(call));
  }
  const local =
    /^(?:version|config|completion|help|explain|kustomize)$/.test(command) &&
    !/^(?:set|use|delete|unset|rename)/.test(rest[0] ?? '');
  if (local && !has(parsed, '--server')) call.machine.emit({ kind: 'process', command: call.shown });
  else call.machine.emit({ kind: 'network', host: 'the cluster', command: call.shown, sends: true });
  return UNKNOWN;
}

export const containers: Record<string, Handler> = {
  docker,
  podman: docker,
  nerdctl: docker,
  'docker-compose': docker,
  'podman-compose': docker,
  kubectl,
  oc: kubectl,
  k3s: (call) => (call.args[0] === 'kubectl' ? kubectl({ ...call, args: call.args.slice(1) }) : UNKNOWN),
  k9s: kubectl,
  ctr: docker,
  lxc: (call) =>
    call.args[0] === 'exec'
      ? (call.machine.invoke(call.args.slice(call.args.indexOf('--') + 1), foreign(call)), UNKNOWN)
      : UNKNOWN,
  vagrant: (call) => {
    const at = call.args.indexOf('-c');
    if (at >= 0) call.machine.run(call.args[at + 1] ?? '', foreign(call));
    return UNKNOWN;
  },
};
