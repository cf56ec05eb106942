import { didYouMean, orList, type Path } from '../document/index.ts';
import type { PlanContext } from './context.ts';
import { findCycles } from './cycles.ts';
import { isDate } from './dates.ts';
import type { LoosePlan, LooseTask } from './loose.ts';

/** A problem before its place in the file is looked up. */
export interface Finding {
  path: Path;
  message: string;
  severity: 'error' | 'warning';
}

/** What no single field shows: the file's date against its name, ids against each other, needs, projects, agents. */
export function crossCheck(plan: LoosePlan, context: PlanContext): Finding[] {
  return [
    ...checkDate(plan, context),
    ...checkIds(plan.tasks),
    ...checkNeeds(plan.tasks),
    ...checkProjects(plan, context),
    ...checkAgents(plan, context),
  ];
}

function error(path: Path, message: string): Finding {
  return { path, message, severity: 'error' };
}

function checkDate(plan: LoosePlan, context: PlanContext): Finding[] {
  const { fileDate } = context;
  if (fileDate === undefined) {
    return plan.date === undefined ? [error(['date'], 'missing: the day, such as date: 2026-11-23')] : [];
  }
  if (!isDate(fileDate)) return [error([], `the file is named ${fileDate}, and there is no such day`)];
  if (plan.date === undefined || !isDate(plan.date) || plan.date === fileDate) return [];
  return [error(['date'], `the file is named ${fileDate}: expected that day, found ${plan.date}`)];
}

function checkIds(tasks: LooseTask[]): Finding[] {
  const first = new Map<string, LooseTask>();
  return tasks.flatMap((task) => {
    if (task.id === undefined) return [];
    const key = task.id.toLowerCase();
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, task);
      return [];
    }
    const how = other.id === task.id ? '' : `, but for the case of letters: some disks do not tell them apart`;
    return [error(['tasks', task.index, 'id'], `${quote(task.id)} is also the id of tasks[${other.index}]${how}`)];
  });
}

function checkNeeds(tasks: LooseTask[]): Finding[] {
  const known = new Set(tasks.flatMap(({ id }) => id ?? []));
  const names = [...known];
  const findings: Finding[] = [];
  for (const task of tasks) {
    const seen = new Set<string>();
    for (const need of task.needs) {
      const path = ['tasks', task.index, 'needs', need.index];
      if (need.id === task.id) findings.push(error(path, 'a task cannot need itself'));
      else if (!known.has(need.id)) {
        // Past the first hundred the hints are read by nobody, and they cost time.
        const hint =
          findings.length < 100
            ? didYouMean(
                need.id,
                names.filter((name) => name !== task.id),
              )
            : '';
        findings.push(error(path, `there is no task ${quote(need.id)} in this file${hint}`));
      } else if (seen.has(need.id)) {
        findings.push({ path, message: `${quote(need.id)} stands here twice`, severity: 'warning' });
      }
      seen.add(need.id);
    }
  }
  for (const { ids, task, need } of findCycles(tasks)) {
    const path = ['tasks', task, 'needs', need];
    findings.push(error(path, `these tasks wait for each other for ever: ${ids.join(' -> ')}`));
  }
  return findings;
}

function checkProjects(plan: LoosePlan, context: PlanContext): Finding[] {
  const findings: Finding[] = [];
  const fallback = plan.defaults.project ?? plan.project ?? context.defaultProject;
  if (plan.project !== undefined) findings.push(...checkProject(['project'], plan.project, context));
  if (plan.defaults.project !== undefined) {
    findings.push(...checkProject(['defaults', 'project'], plan.defaults.project, context));
  }
  for (const task of plan.tasks) {
    const path = ['tasks', task.index];
    if (task.project !== undefined) findings.push(...checkProject([...path, 'project'], task.project, context));
    else if (fallback === undefined) findings.push(error(path, context.noProject));
    else if (plan.defaults.project === undefined && plan.project === undefined && task.index === 0) {
      findings.push(...checkProject(path, fallback, context));
    }
  }
  return findings;
}

function checkProject(path: Path, name: string, context: PlanContext): Finding[] {
  const project = context.projects.find((each) => each.name === name);
  if (project?.unavailable !== undefined) return [error(path, `project ${quote(name)}: ${project.unavailable}`)];
  if (project !== undefined) return [];
  const names = context.projects.map((each) => each.name);
  const known = names.length === 0 ? '; config/dayshift.yaml names none' : `; known: ${names.join(', ')}`;
  return [error(path, `unknown project ${quote(name)}${didYouMean(name, names) || known}`)];
}

function checkAgents(plan: LoosePlan, context: PlanContext): Finding[] {
  const check = (path: Path, agent: string | undefined) =>
    agent === undefined || context.agents.includes(agent)
      ? []
      : [error(path, `expected ${orList(context.agents)}, found ${quote(agent)}${didYouMean(agent, context.agents)}`)];
  return [
    ...check(['defaults', 'agent'], plan.defaults.agent),
    ...plan.tasks.flatMap((task) => check(['tasks', task.index, 'agent'], task.agent)),
  ];
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
