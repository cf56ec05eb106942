/** `config/dayshift.yaml`: every setting with its default. */
export const config = `# Dayshift's settings. Every one is here with its default; those in comments have none, or show an example.
# What each means: docs/configuration.md of Dayshift.

# timezone: Europe/Berlin # of days and schedules; default: the machine's
concurrency: 3 # agents at work at the same time

# Repositories that tasks work on. With none, it is the git repository that contains this home.
projects: []
# projects:
#   - name: shop # how task files call it
#     path: ../shop # absolute, or relative to this home; ~ is your home folder
#     base: main # branch, tag or commit that work starts from; default: what is checked out
#     copy: [.env.test] # what git ignores and the work needs
#     setup: [npm ci] # commands in the sandbox before the agent; they reach what egress lists
#     checks: [npm test] # commands that must pass before a task is done
#     egress: [npm, docs.example.org] # hosts that agents may reach; npm: the registry that your npm uses
#     protect: [data/app.db] # database files that agents may not write
#     env: { API_URL: 'http://localhost:3000', API_KEY: $SHOP_API_KEY } # $NAME is taken from yours

budget: # in US dollars
  day_usd: 50 # what a day may cost
  # month_usd: 800 # what a calendar month may cost; default: no limit
  # task_usd: 10 # what a task may cost; default: no limit of its own
  alert_percent: 75 # tell when so much of a budget is spent

sandbox: # what agents can see and reach
  mode: auto # auto, bubblewrap, sandbox-exec; none: agents can do whatever you can do
  read: [] # further folders that agents may read, such as a toolchain
  # memory_mb: 4096 # memory of an agent with all it starts; default: half of the machine's; 0: no limit, here and below
  processes: 2048 # processes and threads of an agent
  open_files: 16384 # open files of each of its processes
  file_mb: 4096 # size of one file that it writes
  tmp_mb: 1024 # size of its /tmp, and of its HOME; they lie in memory
  disk_mb: 20480 # what lies in its checkout, in out and in its CLI's folder

egress: # limits on what is reached by the lists of projects and tasks
  private: [] # hosts on them that may lie in your own network, such as nexus.corp.example
  task_mb: 4096 # what a task may send and receive, model calls not counted
  task_sent_mb: 64 # of these, what it may send
  connections: 64 # of a task, at the same time
  connections_per_minute: 600 # new ones

agent: # the coding CLI
  command: claude # a name on the PATH, or a path
  # model: claude-sonnet-4-5 # default: the CLI's own
  # max_turns: 200 # default: no limit

questions: # what happens when an agent asks
  hold_seconds: 20 # it waits so long with its process running, then it is parked
  on_question: park # default of tasks: park (others go on) or wait (it keeps its slot)

chat: # Telegram and Discord; a bot whose token is set is on
  tell: normal # little: what needs you, alerts, the report; normal: also how tasks end; all: also what agents say
  # quiet_hours: 22:00-07:00 # no reminders and no sound then
  remind_minutes: [10, 30] # reminders of what waits, so long after it was asked; after the last one hourly
  # telegram: { chats: [-1001234567890], projects: { shop: -1001234567890 } } # groups in which the bot listens

runaway: # who runs in circles is parked, and you are asked; 0 switches a line off
  usd_per_minute: 4 # money a task may cost a minute, over ten minutes
  same_failure: 8 # the same call failing alike so often in a row
  turns_without_change: 150 # model calls without a changed file

# auto_context: suggest   # files that a task is likely to need; attach: agents read them first; off
learning: {}
#   ollama: { model: 'qwen3:8b', url: 'http://127.0.0.1:11434', num_ctx: 8192, timeout_seconds: 30 } # proposes what a wish means
timeout_minutes: 240 # working time of a task, parked time not counted
idle_minutes: 10 # an agent without any progress for so long is taken for hung
retries: 2 # how often failed checks send the agent back
check_timeout_minutes: 15 # time for one check or setup command

# What happens by itself while \`dayshift up\` runs. The five built-in entries are there unless changed; others are your own.
schedule: []
# schedule:
#   - { name: morning, cron: '0 8 * * 1-5', missed: run_late_until 12:00 } # start: begins the day
#   - { name: evening, cron: '0 18 * * *', missed: run_late_until 12:00 } # report: always comes, once
#   - { name: rate, cron: '30 18 * * *', missed: run_late_until 22:00 } # rate: reminds you to rate the day
#   - { name: digest, cron: '0 19 * * 5', missed: run_late_until 18:00 } # digest: the week
#   - { name: clean, cron: off } # clean: removes old checkouts; off: never
#   - { name: lunch, cron: '0 12 * * 1-5', what: pause, missed: skip } # start, report, rate, digest, clean, pause, resume, stop

carry_over: true # unfinished tasks of earlier days that cannot go on there come into a new day's plan
backlog: # tasks/backlog.yaml, taken while slots, budget and time allow
  until: '17:00' # a task of it is begun only if it is likely done by then

guard: # what follows from the guard's refusals; its rules are in guard.yaml
  tools: [] # further tools that agents may use, such as mcp__docs__*
  halt_on: [tamper, disguised] # violations that stop a task at once
  max_violations: 5 # violations of any kind that stop a task; 0: never
`;
