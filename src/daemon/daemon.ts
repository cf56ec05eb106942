import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createOperator, type Operator } from '../operator/index.ts';
import { startRunner, watchFiles, type Runner, type RunContext } from '../run/index.ts';
import { takeFromBacklog } from './backlog.ts';
import { beginDay } from './begin.ts';
import { serveControl } from './control.ts';
import { keepReports } from './keep-reports.ts';
import { startServices, type Service, type ServiceContext } from './service.ts';

/** The long-lived part of a process that holds a home: the loop over all its running days, and all that people reach it by. */
export interface Daemon {
  runner: Runner;
  operator: Operator;
  /** Resolves with the reason when a person asks for its end. */
  asked: Promise<string>;
  /** Parks what runs and ends it all. */
  end(): Promise<void>;
}

interface DaemonOptions {
  mode: ServiceContext['mode'];
  services: readonly Service[];
}

/** Starts the loop, the files for people, the home's socket, and the services. `dayshift up` and `dayshift run` are this. */
export async function startDaemon(ctx: RunContext, { mode, services }: DaemonOptions): Promise<Daemon> {
  let ask: (reason: string) => void = () => undefined;
  const asked = new Promise<string>((resolve) => (ask = resolve));
  const runner = startRunner(ctx, takeFromBacklog(ctx));
  const { home, journal, clock, redact, namedSecrets, newItemId } = ctx;
  const bare: Operator = createOperator({
    ...{ journal, clock, redact, namedSecrets, newId: randomUUID, newItemId, runner },
    // Its settings may be read anew.
    get home() {
      return ctx.home;
    },
    daemon: {
      start: (input, by) => beginDay(ctx, runner, input, by, mode),
      end(by) {
        ask(`${by.id ?? 'a person'} asked for it`);
        const atWork = Object.values(journal.state.days).flatMap(({ tasks }) =>
          Object.values(tasks).filter((task) => /^(?:preparing|working|checking)$/.test(task.status)),
        );
        return atWork.length;
      },
    },
  });
  const operator = keepReports(bare, ctx);
  const control = await serveControl(home.paths, operator).catch(async (error: unknown) => {
    await runner.shutdown();
    throw error;
  });
  const stopFiles = await watchFiles(ctx, (item, text) =>
    operator.answer({ item, text }, { kind: 'person', via: 'file' }),
  );
  const stopServices = startServices(services, { run: ctx, operator, runner, mode });
  return {
    runner,
    operator,
    asked,
    async end() {
      await runner.shutdown();
      // After the loop: what the end of the agents has to tell still goes out.
      await stopServices();
      await stopFiles();
      await control.close();
      await ctx.lure.close();
      await rm(ctx.socketDir, { recursive: true, force: true });
    },
  };
}
