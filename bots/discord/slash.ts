import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  Routes,
  type APIApplicationCommandInteraction,
  type APIAttachment,
  type REST,
} from 'discord.js';
import type { Chat } from '../chat/index.ts';

type Command = Chat['commands'][number];

interface Option {
  type: ApplicationCommandOptionType;
  name: string;
  description: string;
  required?: boolean;
  autocomplete?: boolean;
}

interface SlashCommand {
  type: ApplicationCommandType.ChatInput;
  name: string;
  description: string;
  options: Option[];
  contexts: InteractionContextType[];
  integration_types: ApplicationIntegrationType[];
}

/** The option that takes a file along. */
const FILE = 'file';
/** Commands that take one. */
const WITH_FILE = ['tell'];

/** The words that a command takes, by its usage: `<task> [hint]`. */
function takenBy(takes: string): { name: string; label: string; required: boolean }[] {
  return [...takes.matchAll(/([<[])([^>\]]+)[>\]]/g)].map(([, open, label = ''], index) => ({
    name:
      label
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, '-')
        .slice(0, 32)
        .replace(/^-+|-+$/g, '') || `word-${index + 1}`,
    label,
    required: open === '<',
  }));
}

/** A command as Discord lists it. A task may be left out everywhere: in its own thread it is meant. */
function slashCommand(command: Command): SlashCommand {
  const options = takenBy(command.takes).map(({ name, label, required }, index): Option => {
    const completed = index === 0 && command.completes !== undefined;
    return {
      type: ApplicationCommandOptionType.String,
      name,
      description: label.slice(0, 100),
      required: required && !(completed && command.completes === 'task'),
      ...(completed ? { autocomplete: true } : {}),
    };
  });
  if (WITH_FILE.includes(command.name))
    options.push({
      type: ApplicationCommandOptionType.Attachment,
      name: FILE,
      description: 'a file for the task',
      required: false,
    });
  return {
    type: ApplicationCommandType.ChatInput,
    name: command.name,
    description: command.summary.slice(0, 100),
    // Discord wants what must be given first.
    options: [
      ...options.filter(({ required }) => required === true),
      ...options.filter(({ required }) => required !== true),
    ],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
    integration_types: [ApplicationIntegrationType.GuildInstall],
  };
}

/** Tells Discord the commands where it knows others. Resolves with whether it did. */
export async function registerCommands(rest: REST, application: string, chat: Chat): Promise<boolean> {
  const path = Routes.applicationCommands(application);
  const body = chat.commands.map(slashCommand);
  const known = (await rest.get(path)) as SlashCommand[];
  if (markOf(known) === markOf(body)) return false;
  await rest.put(path, { body });
  return true;
}

/** What of commands is compared: fields that the server adds, and defaults that it leaves out, count for nothing. */
function markOf(commands: readonly SlashCommand[]): string {
  return JSON.stringify(
    commands
      .map(({ name, description, options }) => [
        name,
        description,
        (options as Option[] | undefined)?.map((one) => [
          one.type,
          one.name,
          one.description,
          one.required === true,
          one.autocomplete === true,
        ]),
      ])
      .sort(([a], [b]) => String(a).localeCompare(String(b))),
  );
}

/** The words of a slash command, as if typed in the order of its usage, and the files that came along. */
export function wordsOf(
  { data }: APIApplicationCommandInteraction,
  commands: Chat['commands'],
): { words: string; files: APIAttachment[] } {
  const given = new Map(
    ('options' in data ? (data.options ?? []) : []).flatMap((option) =>
      'value' in option && option.type !== ApplicationCommandOptionType.Attachment
        ? [[option.name, String(option.value)] as const]
        : [],
    ),
  );
  const order = takenBy(commands.find(({ name }) => name === data.name)?.takes ?? '').map(({ name }) => name);
  const words = [...new Set([...order, ...given.keys()])].flatMap((name) => given.get(name) ?? []);
  const resolved = 'resolved' in data ? data.resolved : undefined;
  const files = resolved !== undefined && 'attachments' in resolved ? Object.values(resolved.attachments ?? {}) : [];
  return { words: words.join(' '), files };
}
