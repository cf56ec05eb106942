/** The built-in `config/agent_instructions.md`: what an agent is told about a task. A person may edit the file; without one this is used. */
export const DEFAULT_INSTRUCTIONS = `# {{task_name}}

{{description}}

- Module: {{module}}
- Complexity: {{complexity}}, priority: {{priority}}

## Read first
{{context_files}}

## Deliverables
{{deliverables}}

## Checks that will be run on your work
{{checks}}

## How we work here
{{patterns}}

## Quality
{{quality}}

## Lessons from earlier days
{{lessons}}

## How to finish
1. Read the files above and look at how the project does such things already.
2. Do the work in {{workspace}}. Run the project's own tests where there are some.
3. Write {{out_dir}}/summary.md: what you changed and why, how you checked it, what is left open.
4. Then stop. The checks and the deliverables are looked at; if something fails, you get its output and go on.
`;
