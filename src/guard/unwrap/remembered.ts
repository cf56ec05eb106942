/** So many texts are remembered: the packages of a monorepo that one decision asks for. */
const most = 8;

/**
 * `read`, which remembers what it made of the texts it was given last: one decision asks for one file several times, and
 * the next one mostly for the same. Nobody may change what it returns; what it throws is not remembered.
 */
export function remembered<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, { made: T }>();
  return (text) => {
    const found = known.get(text) ?? { made: read(text) };
    // The one asked for last is the one forgotten last.
    known.delete(text);
    known.set(text, found);
    for (const oldest of known.keys()) {
      if (known.size <= most) break;
      known.delete(oldest);
    }
    return found.made;
  };
}
