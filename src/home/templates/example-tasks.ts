/** `tasks/example.yaml`: its name is no day, so that no day runs it. */
export const exampleTasks = `# An example. Copy it to tasks/DATE.yaml (such as tasks/2026-11-23.yaml), set the date, write your tasks.
# Look at it with:  dayshift plan tasks/example.yaml      All fields: docs/task-file.md of Dayshift.
date: 2000-01-01 # in tasks/DATE.yaml it must be DATE, or be left out
max_cost_usd: 50.00 # what the day may cost; you are told at 75 %
priority: high # of tasks that name none: urgent, high, normal (or medium), low

tasks:
  - id: task-001 # short, unique: it names folders
    name: 'Create documentation'
    description: |
      What is to be done, in as many lines as it takes.
      Say what you would say to a colleague who is new to the project.
    module: baptisms # a word for people; the agent sees it too
    estimated_complexity: low # low, medium, high: about 1, 2.5, 4 hours
    context_files: [CLAUDE.md, docs/TESTING_GUIDE.md, 'src/app/(main)/baptisms/'] # to be read first
    deliverables: [docs/NEW_DOC.md, 'Updated docs/MODULE_REGISTRY.md'] # looked at when the agent is done

  - id: task-002
    name: 'Link the new page'
    description: Link docs/NEW_DOC.md from the README, in the list of guides.
    needs: [task-001] # begins when these are done
    estimated_complexity: low
    deliverables: [README.md]
    checks: # must pass before the task is done
      - test -f docs/NEW_DOC.md
    on_question: default 30m # wait, park, or the first option after a time
    max_cost_usd: 5
    timeout: 90m
`;
