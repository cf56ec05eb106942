import {
  ButtonStyle,
  ComponentType,
  MessageFlags,
  type APIAllowedMentions,
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInMessageActionRow,
} from 'discord.js';
import { oneLine } from '../../src/base/index.ts';
import { plainOf, toDiscord, type Button, type Limits, type Part } from '../chat/index.ts';

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
  const content = part.plain === true ? plainly(plainOf(part.rich)) : toDiscord(part.rich);
  return {
    content: content === '' ? '\u200b' : content,
    components: part.plain === true ? [] : rowsOf(part.buttons ?? []),
    allowed_mentions: noMentions,
    flags: MessageFlags.SuppressEmbeds,
  };
}

/** Words without any markup of ours, in which none of theirs shows either; cut rather than refused again. */
function plainly(text: string): string {
  return toDiscord([{ type: 'text', spans: [{ text }] }]).slice(0, limits.text);
}

function rowsOf(buttons: Button[][]): Row[] {
  const seen = new Set<string>();
  return buttons
    .map((row) => row.filter(({ data }) => !seen.has(data) && seen.add(data)).slice(0, limits.buttonsInRow))
    .filter((row) => row.length > 0)
    .slice(0, limits.rows)
    .map((row) => ({ type: ComponentType.ActionRow, components: row.map(buttonOf) }));
}

function buttonOf({ label, data, look }: Button): APIButtonComponentWithCustomId {
  return {
    type: ComponentType.Button,
    style: look === 'good' ? ButtonStyle.Success : look === 'bad' ? ButtonStyle.Danger : ButtonStyle.Secondary,
    label: oneLine(label).slice(0, 80),
    custom_id: data,
  };
}
