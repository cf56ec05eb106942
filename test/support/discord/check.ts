import { DiscordError, type Component } from './types.ts';

/** Refuses what the API refuses in a message: lengths, rows, buttons, ids. */
export function checkMessage(body: Record<string, unknown>, files: number): void {
  const content = body.content;
  const text = typeof content === 'string' ? content : '';
  // The vendor counts code points; UTF-16 units are the stricter of the two.
  if (text.length > 2000) throw invalid('content: Must be 2000 or fewer in length.');
  const embeds = (body.embeds ?? []) as { title?: string; description?: string; fields?: object[] }[];
  if (embeds.length > 10) throw invalid('embeds: Must be 10 or fewer in length.');
  for (const embed of embeds) {
    if ((embed.title ?? '').length > 256) throw invalid('embeds: title must be 256 or fewer in length.');
    if ((embed.description ?? '').length > 4096) throw invalid('embeds: description must be 4096 or fewer in length.');
    if ((embed.fields ?? []).length > 25) throw invalid('embeds: fields must be 25 or fewer in length.');
  }
  const components = (body.components ?? []) as Component[];
  if (text === '' && embeds.length === 0 && files === 0 && components.length === 0)
    throw new DiscordError(400, 50_006, 'Cannot send an empty message');
  checkRows(components);
}

function checkRows(rows: Component[]): void {
  if (rows.length > 5) throw invalid('components: Must be 5 or fewer in length.');
  const ids = new Set<string>();
  for (const row of rows) {
    if (row.type !== 1) throw invalid(`components: type ${row.type} is no action row`);
    const inside = row.components ?? [];
    if (inside.length < 1 || inside.length > 5) throw invalid('components: a row holds 1 to 5 components');
    for (const one of inside) checkComponent(one, ids);
  }
}

function checkComponent(one: Component, ids: Set<string>): void {
  if (one.custom_id !== undefined) {
    if (one.custom_id.length < 1 || one.custom_id.length > 100)
      throw invalid('components: custom_id must be 1 to 100 long');
    if (ids.has(one.custom_id)) throw invalid('components: Component custom id cannot be duplicated');
    ids.add(one.custom_id);
  }
  if (one.type === 2 && (one.label ?? '').length > 80)
    throw invalid('components: label must be 80 or fewer in length.');
  if (one.type !== 3) return;
  const options = one.options ?? [];
  if (options.length < 1 || options.length > 25) throw invalid('components: a menu holds 1 to 25 options');
  for (const option of options) {
    if (option.label.length > 100 || option.value.length > 100 || (option.description ?? '').length > 100)
      throw invalid('components: an option is 100 or fewer in length.');
  }
}

/** Refuses what the API refuses in a modal. */
export function checkModal(data: Record<string, unknown>): void {
  const title = typeof data.title === 'string' ? data.title : '';
  if (title.length < 1 || title.length > 45) throw invalid('title: Must be between 1 and 45 in length.');
  const inputs = ((data.components ?? []) as Component[]).flatMap((row) =>
    row.type === 10 ? [] : (row.components ?? row.component ?? []),
  );
  if (inputs.length < 1 || inputs.length > 5) throw invalid('components: a modal holds 1 to 5 inputs');
  for (const input of inputs) {
    if ((input.label ?? '').length > 45) throw invalid('components: label must be 45 or fewer in length.');
  }
}

/** Refuses names of commands that the API refuses. */
export function checkCommands(commands: { name: string; description?: string; options?: { name: string }[] }[]): void {
  if (commands.length > 100) throw invalid('Maximum number of application commands reached (100)');
  for (const { name, description, options } of commands) {
    for (const one of [name, ...(options ?? []).map((option) => option.name)])
      if (!/^[-_\p{L}\p{N}]{1,32}$/u.test(one) || one !== one.toLowerCase()) throw invalid(`name: ${one} is not valid`);
    if (description === undefined || description.length < 1 || description.length > 100)
      throw invalid(`description of ${name}: Must be between 1 and 100 in length.`);
  }
}

function invalid(message: string): DiscordError {
  return new DiscordError(400, 50_035, `Invalid Form Body: ${message}`);
}
