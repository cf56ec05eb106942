export const agentWorkspacesReadme = `# Agent workspaces

One folder a day and task: \`<date>/<task>/\`, with

- \`checkout/\`: the task's own checkout of the project, where the agent works;
- \`out/\`: what the agent writes beside it: \`summary.md\`, notes, \`agent_questions/\`;
- \`cli/\`: the coding CLI's own folder, kept so that a session can go on;
- \`agent_instructions.md\`, \`status.json\`, \`agent.log\`: what the agent was told, how it stands, all that it did.

\`dayshift diff TASK\` shows the work, \`dayshift apply TASK\` puts it into your checkout, \`dayshift clean\` removes old
workspaces (never one with work that was not applied).
`;

export const resultsReadme = `# Results

\`<date>-report.md\` is the evening report of a day, \`<date>-report.html\` the same for a browser or a phone, with the diffs; \`<date>/\` holds its patches, logs and questions.
\`dayshift report DATE\` writes the report again from the journal, byte for byte the same.
`;

export const feedbackReadme = `# Feedback

\`<date>.md\`: what you think of a day's work, task by task. It is yours to write: ratings, ✅ ⚠️ ❌,
\`Action:\`. \`dayshift feedback DATE\` shows what of it is understood, \`dayshift rate TASK 4 "…"\` writes into the same file.
What an \`Action:\` asks for is tried on three tasks first, or waits for your yes; \`dayshift lessons accept l3\` has it on every task.
`;
