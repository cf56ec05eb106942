const tools = new Set(
  'fnm pyenv rbenv nodenv jenv direnv brew mise asdf opam dircolors starship zoxide conda luarocks fzf register-python-argcomplete nvm volta rustup goenv tfenv sdk atuin thefuck lesspipe ssh-agent docker-machine minikube'.split(
    ' ',
  ),
);
const commands =
  /^(?:env|init|shellenv|hook|activate|export|completions?|shell\.\w+|-b|path|--bash|shell|virtualenv-init|docker-env)\b|^$/;
const completion = /^(?:--)?completions?(?:[= ](?:script|bash|zsh|fish|generate|powershell))*$/;

/**
 * Prints the shell settings of a version manager, or a program's completions, for `eval "$(…)"`: harmless, and nothing
 * to read beforehand.
 */
export const printsSetup = (name: string, args: readonly string[]): boolean =>
  (args[0]?.includes('ompletion') === true && !name.includes('/') && completion.test(args.join(' '))) ||
  (tools.has(name) && commands.test(args.join(' ')));
