/** What is said in a few words and must not wait: for who stops something, or answers. */
const AT_ONCE = /^\/(?:stop|pause|resume|answer|inbox|i|today|status|help)(?:@\S+)?(?:\s|$)|^q\d+[:\s]/i;
/** Data of buttons under a question's card. */
const OF_ITEMS = /^[amdwci]\./;

/**
 * What an input stands behind: words in a chat are heard in their order, for they may depend on each other; taps on
 * other things stand behind taps. Undefined: it waits for nothing, such as `/stop` behind a voice note, or an approval
 * behind a pull request that is being opened.
 */
export function laneOf(said: { text: string } | { tap: string }): 'words' | 'taps' | 'marks' | undefined {
  if ('text' in said) return AT_ONCE.test(said.text.trim()) ? undefined : 'words';
  // Marks are seen to in the order in which they were made.
  if (said.tap.startsWith('m.')) return 'marks';
  return OF_ITEMS.test(said.tap) ? undefined : 'taps';
}
