import { messageOf } from '../base/index.ts';
import { killOwned, sweepGroups } from '../sandbox/index.ts';
import { isProved } from './cli-proof.ts';
import { taskOf, type RunContext, type TaskRef } from './context.ts';
import { makingsOf, openCli, ownerOf, type OpenCli } from './open-cli.ts';
import { workspaceOf } from './prepare.ts';
import { promptFor } from './prompt.ts';

/** A CLI that stands by weighs a quarter of a gigabyte: only where so many bytes of memory are left. */
const ROOM = 2 * 1024 ** 3;

/** The CLI that was started ahead for one task, for whoever drives that task. */
export interface Ready {
  /** It, where it is there and made of just this; else it is ended, and undefined. */
  take(made: string): Promise<OpenCli | undefined>;
  /** Ends it where it was not taken. */
  drop(): Promise<void>;
}

/**
 * Starts the CLI of the task that is to begin next while others work: in its own sandbox, behind its own door, up to the point where
 * it waits for its words. Nothing is written down of it: it dies with the daemon, and one that
 * did not is found by its owner's name.
 */
export interface Standby {
  /** Ends what an earlier daemon of this home left standing by. */
  begin(): Promise<unknown>;
  /** The task that is to begin next; undefined where none is. */
  want(ref: TaskRef | undefined): void;
  /** What was started for this task, which begins now. */
  claim(ref: TaskRef): Ready | undefined;
  /** Ends what stands by; resolves when it is gone. */
  close(): Promise<void>;
}

export function createStandby(ctx: RunContext): Standby {
  const { clock, sandbox } = ctx;
  let current: { name: string; ready: Ready } | undefined;
  let closed = false;
  const leaving = new Set<Promise<void>>();
  const nameOf = (ref: TaskRef) => `${ref.day}/${ref.task}`;

  function drop(): void {
    if (current === undefined) return;
    const gone: Promise<void> = current.ready.drop().finally(() => leaving.delete(gone));
    leaving.add(gone);
    current = undefined;
  }

  return {
    begin() {
      void sweepGroups();
      return killOwned(ownerOf(ctx));
    },
    want(ref) {
      const may = !closed && sandbox.kind === 'bubblewrap' && ctx.home.config.agent.stand_by;
      const name = ref === undefined || !may ? undefined : nameOf(ref);
      if (current?.name === name) return;
      drop();
      if (ref === undefined || name === undefined || process.availableMemory() < ROOM) return;
      const opened = open(ctx, ref).catch((error: unknown) => {
        // It will be tried again, and told, when the task begins.
        clock.after(0, () => ctx.log(`${ref.task}: its agent could not be started ahead: ${messageOf(error)}`));
        return undefined;
      });
      current = { name, ready: readyOf(opened) };
    },
    claim(ref) {
      if (current?.name !== nameOf(ref)) return undefined;
      const { ready } = current;
      current = undefined;
      return ready;
    },
    async close() {
      closed = true;
      drop();
      await Promise.all(leaving);
    },
  };
}

function readyOf(opened: Promise<OpenCli | undefined>): Ready {
  let left: Promise<OpenCli | undefined> | undefined = opened;
  let isThere = true;
  void opened.then((cli) => cli?.child.exited).then(() => (isThere = false));
  const drop = async () => {
    const cli = await left;
    left = undefined;
    await cli?.close();
  };
  return {
    async take(made) {
      const cli = await left;
      if (cli?.made === made && isThere && !cli.live.signal.aborted) {
        left = undefined;
        return cli;
      }
      await drop();
      return undefined;
    },
    drop,
  };
}

async function open(ctx: RunContext, task: TaskRef): Promise<OpenCli | undefined> {
  if (!(await isProved(ctx))) return undefined;
  const state = taskOf(ctx, task);
  const ref = { ...task, attempt: state.attempt + 1 };
  const workspace = workspaceOf(ctx.home, state, task);
  const { systemPrompt } = await promptFor(ctx, ref, workspace, {
    do: 'launch',
    mode: 'start',
    why: 'first',
    items: [],
  });
  const made = await makingsOf(ctx, ref, workspace, systemPrompt);
  return openCli(ctx, ref, workspace, made, { mode: 'start', sessionId: ctx.newId(), behind: true });
}
