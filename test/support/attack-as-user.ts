import { tryAttacks } from '../../src/doctor/index.ts';

/** Tries all attacks as the user that runs this, and prints the results as JSON. `attack-as-user FOLDER PORT`: of a PostgreSQL. */
const [folder, port] = process.argv.slice(2);
const postgres = folder === undefined ? undefined : { folder, port: Number(port) };
process.stdout.write(JSON.stringify(await tryAttacks({ env: process.env, postgres })));
