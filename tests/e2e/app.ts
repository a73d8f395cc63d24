/** The running application under test: where it is, who lives in its demo data, and the mails it sends. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const port = process.env['E2E_PORT'] ?? '8765';

export const PORT = Number(port);
export const ADDRESS = `http://localhost:${port}`;
/** What the processes say, mails included. Browser tests are started from the top folder of the project. */
export const LOG = resolve(process.cwd(), process.env['E2E_LOG'] ?? 'var/check/app.log');

/** People of the demo data; all have the same password. */
export const NEWCOMER = 'noor@demo.example';
export const GUIDE = 'grace@demo.example';
export const PASSWORD = 'compagnon-demo';
/** A programme of several countries, which the guide coordinates. */
export const SHARED = 'Over de grens / Par-delà la frontière';

/** The newest code that was mailed to this address; undefined while there is none. */
export function mailedCode(email: string): string | undefined {
	const mails = readFileSync(LOG, 'utf8').split(/^Subject: /m);
	const newest = mails.reverse().find((mail) => mail.includes(`\nTo: ${email}\n`));
	return newest?.split('\n').find((line) => /^(?=.*[A-Z0-9]{2})[A-Z0-9-]{4,12}$/.test(line));
}
