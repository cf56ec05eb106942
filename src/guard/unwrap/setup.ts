const tools =
  /^(?:fnm|pyenv|rbenv|nodenv|jenv|direnv|brew|mise|asdf|opam|dircolors|starship|zoxide|conda|luarocks|fzf|register-python-argcomplete|nvm|volta|rustup)$/;
const commands = /^(?:env|init|shellenv|hook|activate|export|completions?|shell\.\w+|-b|path|--bash|shell)\b|^$/;

/** Prints the shell settings of a version manager, for `eval "$(…)"`: harmless, and nothing to read beforehand. */
export const printsSetup = (name: string, args: readonly string[]): boolean =>
  tools.test(name) && commands.test(args.join(' '));
