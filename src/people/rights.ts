import type { ChatState, PersonState, Role } from '../journal/index.ts';

/** What somebody wants to do, by what it can do harm to. */
export type Right =
  /** See the day, its tasks, diffs, reports. */
  | 'look'
  /** Answer, allow, tell, start, pause, stop, add, rate. */
  | 'work'
  /** Spend more than was planned. */
  | 'money'
  /** Put work into a checkout, or take it back. */
  | 'change'
  /** Let others in. */
  | 'people';

const rights: Record<Role, readonly Right[]> = {
  viewer: ['look'],
  operator: ['look', 'work'],
  owner: ['look', 'work', 'money', 'change', 'people'],
};

export function may(person: Pick<PersonState, 'role'>, right: Right): boolean {
  return rights[person.role].includes(right);
}

/** The person behind an account of a chat server; undefined for a stranger. */
export function personAt(chat: Pick<ChatState, 'people'>, channel: string, user: string): PersonState | undefined {
  return Object.values(chat.people).find((person) => person.channel === channel && person.user === user);
}

/** Whether nobody could change anything any more without this person. */
export function isOnlyOwner(chat: Pick<ChatState, 'people'>, person: Pick<PersonState, 'id' | 'role'>): boolean {
  return (
    person.role === 'owner' && Object.values(chat.people).every(({ id, role }) => id === person.id || role !== 'owner')
  );
}
