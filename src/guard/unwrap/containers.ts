import { UNKNOWN } from '../marks.ts';
import type { Call, Handler } from '../machine.ts';
import { setOf, takeApart, valuesOf, has, type Options } from '../options.ts';
import { connect } from '../effects/host.ts';
import { publish } from '../effects/packages.ts';
import { namesMigration } from '../effects/verbs.ts';
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
  otherHost(call, parsed);
  let [command = '', ...rest] = parsed.words;
  if (call.name === 'docker-compose' || call.name === 'podman-compose') return compose(call, call.args);
  if (command === 'compose') return compose(call, rest);
  if (/^(?:container|image|buildx|builder)$/.test(command)) [command = '', ...rest] = rest;
  if (command === 'exec') inside(call, rest, 1);
  else if (command === 'run' || command === 'create') run(call, rest);
  else if (/^(?:push|login|logout|trust)$/.test(command)) publish(call);
  else if (command === 'pull') pulled(call, rest);
  else if (/^(?:build|bake|save|export|load|import)$/.test(command)) image(call, command, rest);
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
    machine.emit({ kind: 'system', command: call.shown });
  } else machine.emit({ kind: 'process', command: call.shown });
  return UNKNOWN;
}

/** An image from a registry that is named: `host/name`, `host:5000/name`. */
function pulled(call: Call, args: readonly string[]): void {
  const [name = ''] = takeApart(args, setOf('--platform')).words;
  const host = /^([^/]*[.:][^/]*|localhost)\//.exec(name)?.[1];
  if (host === undefined) call.machine.emit({ kind: 'process', command: call.shown });
  else connect(host, call.shown, call.machine);
}

/** Another daemon than this machine's: all that follows goes there. */
function otherHost(call: Call, parsed: Options): void {
  const variable = call.frame.vars.get('DOCKER_HOST');
  for (const address of [...valuesOf(parsed, '-H', '--host'), ...(typeof variable === 'string' ? [variable] : [])]) {
    if (address.startsWith('unix://')) writePath(address.slice(7), call.frame, call.machine);
    else if (address !== '') connect(address, call.shown, call.machine, { sends: true });
  }
}

/** Images made, saved and loaded: the folders and archives are ours, `--push` sends them out. */
function image(call: Call, command: string, args: readonly string[]): void {
  const { frame, machine } = call;
  const parsed = takeApart(
    args,
    setOf(
      '-f -t -o -i --file --tag --output --input --build-arg --target --platform --label --secret --ssh --cache-from --cache-to --build-context --network --progress --iidfile --metadata-file --builder --add-host --shm-size --format --message --change',
    ),
  );
  const outputs = valuesOf(parsed, '-o', '--output', '--iidfile', '--metadata-file');
  if (has(parsed, '--push') || outputs.some((output) => /type=registry|push=true/.test(output)))
    machine.emit({ kind: 'publish', command: call.shown });
  for (const output of outputs) writePath(/dest=([^,]*)/.exec(output)?.[1] ?? output, frame, machine);
  for (const file of valuesOf(parsed, '-f', '--file', '-i', '--input')) readPath(file, frame, machine);
  for (const secret of valuesOf(parsed, '--secret')) {
    const file = /(?:src|source)=([^,]*)/.exec(secret)?.[1];
    if (file !== undefined) readPath(file, frame, machine);
  }
  machine.emit({ kind: 'process', command: call.shown });
  if (command !== 'build' && command !== 'import') return;
  for (const word of parsed.words.slice(0, 1)) {
    if (/^(?:https?|git|ssh):\/\/|^git@|\.git(?:#|$)/.test(word)) connect(word, call.shown, machine);
    else readPath(word, frame, machine, true);
  }
}

function compose(call: Call, args: readonly string[]): string {
  const parsed = takeApart(args, globalValues, true);
  const [command = '', ...rest] = parsed.words;
  if (command === 'exec' || command === 'run') {
    const [service = '', ...words] = takeApart(rest, runValues, true).words;
    for (const entry of valuesOf(takeApart(rest, runValues, true), '--entrypoint'))
      call.machine.invoke([entry, ...words], foreign(call));
    if (words.length === 0 && namesMigration(service))
      call.machine.emit({ kind: 'database', how: 'migration', command: call.shown });
    inside(call, rest, 1);
  } else if (command === 'up' && rest.some(namesMigration))
    call.machine.emit({ kind: 'database', how: 'migration', command: call.shown });
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
  if (host) machine.emit({ kind: 'system', command: 'a container with the host’s own namespaces or devices' });
  for (const entry of valuesOf(parsed, '--entrypoint'))
    machine.invoke([entry, ...parsed.words.slice(1)], foreign(call));
  const [name = '', ...words] = parsed.words;
  if (/^[^/]*[.:][^/]*\//.test(name) && !publicRegistries.test(name)) pulled(call, [name]);
  // `alpine/git commit`, `flyway/flyway migrate`: images whose own program is called as they are.
  const program = name
    .replace(/[:@].*$/, '')
    .replace(/^.*\//, '')
    .replace(/-(?:cli|alpine|client)$/, '');
  const runs = servers.test(program) ? 'nothing' : machine.knows(program);
  if (words.length > 0 && runs === 'dangerous') machine.invoke([program, ...words], foreign(call));
  else inside(call, args, 1);
}

/** Registries that anybody's public images come from, as they do from Docker's own. */
const publicRegistries =
  /^(?:ghcr\.io|quay\.io|docker\.io|mcr\.microsoft\.com|gcr\.io|registry\.k8s\.io|public\.ecr\.aws|registry\.gitlab\.com|docker\.elastic\.co)\//;

/** Images that hold a server: their words are commands. */
const servers = /^(?:postgres|mysql|mariadb|mongo|clickhouse|redis|docker|bash|node|python|ruby|php|npm|curl)$/;

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
  if (command === 'config' && (has(parsed, '--raw') || rest.includes('--raw')))
    readPath(`${call.machine.context.home}/.kube/config`, call.frame, call.machine);
  const drawn =
    command === 'create' &&
    rest.includes('--dry-run=client') &&
    !rest.some((arg) =>
      /^(?:-f|--filename|-k|--kustomize|--raw|--edit|--from-(?:env-)?file$|--edit=.*)$|^-[fk]./.test(arg),
    );
  if (drawn) {
    for (const arg of rest) {
      const file = /^--from-(?:file|env-file|literal)=(?:[^=]*=)?(.*)$/s.exec(arg)?.[1];
      if (file !== undefined && !arg.startsWith('--from-literal')) readPath(file, call.frame, call.machine);
    }
    call.machine.emit({ kind: 'process', command: call.shown });
  } else if (local && !has(parsed, '--server')) call.machine.emit({ kind: 'process', command: call.shown });
  else call.machine.emit({ kind: 'network', host: 'the cluster', command: call.shown, sends: true });
  return UNKNOWN;
}

/** `crictl exec ID CMD`, `ctr task exec --exec-id 1 ID CMD`. */
function within(call: Call): string {
  const at = call.args.indexOf('exec');
  if (at < 0) return docker(call);
  inside(
    call,
    takeApart(call.args.slice(at + 1), setOf('--exec-id --cwd --user -u --timeout -e --env'), true).words,
    1,
  );
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
  ctr: within,
  crictl: within,
  lxc: (call) =>
    call.args[0] === 'exec'
      ? (call.machine.invoke(call.args.slice(call.args.indexOf('--') + 1), foreign(call)), UNKNOWN)
      : UNKNOWN,
  vagrant: (call) => {
    const at = call.args.indexOf('-c');
    if (at >= 0) call.machine.run(call.args[at + 1] ?? '', foreign(call));
    const looks = /^(?:status|global-status|ssh-config|validate|version|--version|port|help|box|plugin|ssh)$/.test(
      call.args[0] ?? '',
    );
    call.machine.emit({ kind: looks ? 'process' : 'system', command: call.shown });
    return UNKNOWN;
  },
};
