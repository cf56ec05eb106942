import { pricingFileText } from '../../budget/index.ts';
import { agentInstructions } from './agent-instructions.ts';
import { config } from './config.ts';
import { guard } from './guard.ts';
import { exampleTasks } from './example-tasks.ts';
import { agentWorkspacesReadme, feedbackReadme, resultsReadme } from './readmes.ts';
import { orchestratorRules, qualityStandards, executionPatterns } from './rules.ts';

/** What a new home holds, by path. TypeScript modules, so that the published package has them. */
export const homeFiles: Record<string, string> = {
  'config/dayshift.yaml': config,
  'config/guard.yaml': guard,
  'config/pricing.yaml': pricingFileText(),
  'config/agent_instructions.md': agentInstructions,
  'config/orchestrator_rules.md': orchestratorRules,
  'config/task_execution_patterns.md': executionPatterns,
  'config/code_quality_standards.md': qualityStandards,
  'tasks/example.yaml': exampleTasks,
  'feedback/README.md': feedbackReadme,
  'results/README.md': resultsReadme,
  'agent_workspaces/README.md': agentWorkspacesReadme,
};

/** Results and workspaces hold whatever the agents wrote; the rest of these is Dayshift's own, or secret. */
export const gitignore = `.dayshift/
.env
agent_questions/
agent_workspaces/*
!agent_workspaces/README.md
results/*
!results/README.md
`;
