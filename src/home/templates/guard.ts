/** `config/guard.yaml`: nothing beyond the built-in rules, and how to say more. */
export const guard = `# Your own rules of the guard: what agents may do, must ask for, or may not. They are looked at before the built-in
# ones; \`dayshift guard rules\` prints all in force, \`dayshift guard explain 'command'\` shows how one command is judged.
# The language: docs/guard.md of Dayshift.

rules: []
# rules:
#   - id: docs-server
#     when: { effect: network, host: '*.docs.example.com', sends: false }
#     then: allow # allow, ask or deny
#   - id: infrastructure
#     when: { command: ['terraform apply*', 'terraform destroy*'] }
#     then: deny
#     reason: Infrastructure is changed by people.
#     instead: Change the .tf files; a person plans and applies them.

# delete: ask # deleting files that the project tracks; default: ask for more than ten or a whole folder, else allow
# env_files: deny # reading .env files of the workspace; this is the default
tools: [] # further tools that agents may use, such as mcp__docs__*
`;
