import { crc32 } from 'node:zlib';

/** `,"sum":"01234567"}` */
const SEAL = 18;
const brace = Buffer.from('}');
const opening = Buffer.from(',"sum":"');

/** The text of a JSON object with its own CRC-32 as the last member: the sum is over the text without that member. */
export function seal(json: string): string {
  return `${json.slice(0, -1)},"sum":"${crc32(json).toString(16).padStart(8, '0')}"}`;
}

/** The checksum of a sealed text; undefined where there is none or it does not fit, that is, where the text is damaged. */
export function sumOf(bytes: Buffer): string | undefined {
  const end = bytes.length - SEAL;
  if (end < 1 || opening.compare(bytes, end, end + opening.length) !== 0) return undefined;
  const sum = bytes.toString('latin1', end + opening.length, bytes.length - 2);
  return crc32(brace, crc32(bytes.subarray(0, end))) === Number.parseInt(sum, 16) ? sum : undefined;
}

/** The JSON text without its checksum, of bytes that `sumOf` found right. */
export function unsealed(bytes: Buffer): string {
  return `${bytes.toString('utf8', 0, bytes.length - SEAL)}}`;
}
