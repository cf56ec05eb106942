import { scriptOf, type Script } from '../agents/index.ts';

/** The demo's day: four tasks, each to show one thing. */
export function demoTasks(date: string): string {
  return `date: ${date}
max_cost_usd: 20
tasks:
  - id: price-list
    name: "Write the price list"
    description: |
      Customers ask for a printed price list. Write docs/PRICES.md from src/prices.sh,
      one line a product, as docs/STYLE.md says.
    estimated_complexity: low
    context_files: [CLAUDE.md, docs/STYLE.md]
    deliverables: [docs/PRICES.md]
    checks: ["grep -q 3.50 docs/PRICES.md"]

  - id: currency
    name: "Show a currency on the bill"
    description: |
      The bill shows bare numbers. Add a currency to src/format.sh.
    estimated_complexity: low
    deliverables: [src/format.sh]
    checks: ["bash src/format.sh 880"]

  - id: rolls
    name: "Rolls are charged as breads"
    description: |
      src/total.sh adds up wrongly: a roll costs as much as a bread. Mend it.
    estimated_complexity: low
    deliverables: [src/total.sh]
    checks: ["bash test/total.sh"]

  - id: changes
    name: "Say what is new"
    description: |
      Write docs/CHANGES.md: what changed in the bakery's scripts lately.
    estimated_complexity: low
    deliverables: [docs/CHANGES.md]
    checks: ["test -s docs/CHANGES.md"]
`;
}

const summary = (text: string, confidence: number) => ({
  name: 'Write',
  input: { file_path: '{{out}}/summary.md', content: `# Summary\n\n${text}\n\nConfidence: ${confidence}\n` },
});

const bash = (command: string) => ({ name: 'Bash', input: { command } });

/** What the scripted model does in the demo, behind the real CLI. */
export function demoScript(): Script {
  return scriptOf({
    tasks: [
      {
        task: 'price-list',
        turns: [
          { say: 'I read the prices first.', tools: [bash('cat src/prices.sh docs/STYLE.md')] },
          {
            say: 'Now the list.',
            tools: [
              {
                name: 'Write',
                input: {
                  file_path: '{{workspace}}/docs/PRICES.md',
                  content: '# Prices\n\n- Bread: 3.50\n- Roll: 0.60\n- Cake: 12.00\n',
                },
              },
            ],
          },
          { tools: [summary('The price list is in docs/PRICES.md, one line a product.', 95)] },
          { say: 'The price list is written.' },
        ],
      },
      {
        task: 'currency',
        turns: [
          { say: 'I look at what is there.', tools: [bash('ls src; cat src/total.sh')] },
          {
            say: 'Which currency is a decision of yours.',
            tools: [
              {
                name: 'AskUserQuestion',
                input: {
                  questions: [
                    {
                      question: 'Which currency should the bill show?',
                      header: 'Currency',
                      multiSelect: false,
                      options: [
                        { label: 'Euro', description: '8.80 €' },
                        { label: 'Swiss franc', description: 'CHF 8.80' },
                      ],
                    },
                  ],
                },
              },
            ],
          },
          {
            say: 'Thank you. I write it that way.',
            tools: [
              bash(
                "cat > src/format.sh <<'EOF'\n# Prints cents as money.\n# The currency, as answered: {{last_answer}}\nprintf '%d.%02d\\n' $(( $1 / 100 )) $(( $1 % 100 ))\nEOF\nbash src/format.sh 880",
              ),
            ],
          },
          { tools: [summary('The bill shows a currency now, as you answered.', 90)] },
          { say: 'Done.' },
        ],
      },
      {
        task: 'rolls',
        turns: [
          { say: 'The multiplication looks wrong.', tools: [bash('cat src/total.sh')] },
          { say: 'I mend the first factor.', tools: [bash("sed -i 's/\\$1 \\* bread/$1 * roll/' src/total.sh")] },
          { say: 'That should be it.' },
          {
            say: 'The check is right: I mended the wrong one.',
            tools: [bash("sed -i 's/\\$1 \\* roll + \\$2 \\* bread/$1 * bread + $2 * roll/' src/total.sh")],
          },
          { tools: [bash('bash test/total.sh')] },
          { tools: [summary('Rolls are charged at their own price. My first try was wrong; the check found it.', 97)] },
          { say: 'Mended, and the test passes.' },
        ],
      },
      {
        task: 'changes',
        turns: [
          { say: 'What is new stands in the log.', tools: [bash('git log --oneline | head -5')] },
          {
            say: 'Now the file.',
            tools: [
              {
                name: 'Write',
                input: {
                  file_path: '{{workspace}}/docs/CHANGES.md',
                  content: '# Changes\n\n- The bakery has a price list in src/prices.sh.\n',
                },
              },
            ],
          },
          { say: 'I commit it.', tools: [bash('git add -A && git commit -m "Say what is new"')] },
          { say: 'Then I look into the database.', tools: [bash('psql -h localhost -c "select * from changes"')] },
          {
            tools: [
              summary('docs/CHANGES.md is written. Committing and the database were refused; neither is needed.', 85),
            ],
          },
          { say: 'Written. I left it unstaged.' },
        ],
      },
    ],
  });
}
