import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, normalize } from 'node:path';
import type { Environment } from './types.ts';

/** Names by which programs are told which certificate authorities to trust. */
const names = [
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'CURL_CA_BUNDLE',
  'REQUESTS_CA_BUNDLE',
  'PIP_CERT',
  'GIT_SSL_CAINFO',
  'CARGO_HTTP_CAINFO',
  'NIX_SSL_CERT_FILE',
  'AWS_CA_BUNDLE',
];
const largest = 16 * 1024 * 1024;

/** The certificate authorities that the person's environment names: variables for inside, and the files that must be seen there. */
export async function certificatesOf(env: Environment): Promise<{ env: Record<string, string>; files: string[] }> {
  const found: { env: Record<string, string>; files: string[] } = { env: {}, files: [] };
  for (const name of names) {
    const path = env[name];
    if (path === undefined || !(await isPublic(path))) continue;
    found.env[name] = path;
    found.files.push(path);
  }
  return { env: found.env, files: [...new Set(found.files)] };
}

/** A file of certificates without a private key beside them, or a folder of the system's. */
export async function isPublic(path: string): Promise<boolean> {
  if (!isAbsolute(path) || normalize(path) !== path) return false;
  try {
    const about = await stat(path);
    if (about.isDirectory()) return /^\/(?:etc\/(?:ssl|pki)|usr)\//.test(path);
    if (!about.isFile() || about.size > largest) return false;
    const text = await readFile(path, 'latin1');
    return text.includes('BEGIN CERTIFICATE') && !text.includes('PRIVATE KEY');
  } catch {
    return false; // not there, or not for us
  }
}
