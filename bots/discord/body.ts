import {
  ButtonStyle,
  ComponentType,
  MessageFlags,
  type APIAllowedMentions,
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInMessageActionRow,
  type APIStringSelectComponent,
} from 'discord.js';
import { cutEnd, oneLine } from '../../src/base/index.ts';
import { plainOf, toDiscord, type Button, type Limits, type Option, type Part } from '../chat/index.ts';

/** What Discord takes. A text's length is in UTF-16 units, which it never counts more of. */
export const limits: Limits = {
  text: 2000,
  callback: 100,
  label: 76,
  buttonsInRow: 5,
  rows: 5,
  fileBytes: 10 * 1024 * 1024,
};

/** Nobody is ever pinged by a name in a text, nor by a reply. */
export const noMentions: APIAllowedMentions = { parse: [], replied_user: false };

type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

/** A message as the API takes it, to send or to edit. */
export interface Body {
  content: string;
  components: Row[];
  allowed_mentions: APIAllowedMentions;
  /** No previews: what stands behind an address of an agent's is fetched by nobody for its sake. */
  flags: number;
}

/** A part as a message. Where buttons were refused before (`plain`) the words go alone. */
export function bodyOf(part: Part): Body {
  const content = part.plain === true ? plainly(part) : toDiscord(part.rich);
  return {
    content: content === '' ? '\u200b' : content,
    components: part.plain === true ? [] : rowsOf(part.buttons ?? []),
    allowed_mentions: noMentions,
    flags: MessageFlags.SuppressEmbeds,
  };
}

/** Words without any markup of ours, in which none of theirs shows either; as they were where that takes more room than there is. */
function plainly(part: Part): string {
  const plain = toDiscord([{ type: 'text', spans: [{ text: plainOf(part.rich) }] }]);
  return plain.length <= limits.text ? plain : toDiscord(part.rich);
}

function rowsOf(buttons: Button[][]): Row[] {
  const rows: Row[] = [];
  const options = buttons.flat().flatMap(({ option }) => option ?? []);
  if (options.length > 0) rows.push({ type: ComponentType.ActionRow, components: [menuOf(options)] });
  const seen = new Set<string>();
  for (const row of buttons) {
    const own = row.filter(({ data, option }) => option === undefined && !seen.has(data) && seen.add(data));
    if (own.length > 0) rows.push({ type: ComponentType.ActionRow, components: own.slice(0, 5).map(buttonOf) });
  }
  return rows.slice(0, limits.rows);
}

/** What may be chosen together. It stays as it was set until Done is tapped. */
function menuOf(options: Option[]): APIStringSelectComponent {
  const shown = options.slice(0, 25);
  return {
    type: ComponentType.StringSelect,
    custom_id: shown[0]?.none ?? '',
    placeholder: 'Choose what fits, then Done',
    min_values: 0,
    max_values: shown.length,
    options: shown.map(({ label, description, on, alone }) => ({
      label: label.slice(0, 100),
      value: alone,
      default: on,
      ...(description === undefined || description === '' ? {} : { description: cutEnd(description, 99) }),
    })),
  };
}

function buttonOf({ label, data, look }: Button): APIButtonComponentWithCustomId {
  return {
    type: ComponentType.Button,
    style: look === 'good' ? ButtonStyle.Success : look === 'bad' ? ButtonStyle.Danger : ButtonStyle.Secondary,
    label: oneLine(label).slice(0, 80),
    custom_id: data,
  };
}
