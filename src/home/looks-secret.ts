/** Names whose values are secrets; of the others (`NODE_ENV=test`) a report would become unreadable. */
const SECRET_NAME = /PASS|SECRET|TOKEN|KEY|PRIVATE|CREDENTIAL|AUTH|SALT|DSN/i;
const URL_WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;

/** Whether a value of an `.env` file is a secret, by its name or its look. */
export function looksSecret(name: string, value: string): boolean {
  const random = value.length >= 16 && /\d/.test(value) && /[a-z]/i.test(value) && !/[\s/]/.test(value);
  return SECRET_NAME.test(name) || URL_WITH_PASSWORD.test(value) || random;
}
