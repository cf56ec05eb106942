/** Who may speak by chat, and what each may do. Pure: the journal's fold in, a decision out. Empty means nobody. */
export { codeText, hashOfCode, looksLikeCode, newCode, offerOf, PAIRING_MINUTES } from './pairing.ts';
export { isOnlyOwner, may, personAt, type Right } from './rights.ts';
