/** Languages that a message can be marked with, as the reader calls them. */
import { languageName } from '#lib/intl.ts';

const CODES =
	'bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv ar ca eu gl is lb nb ru sq sr tr uk zh'.split(
		' '
	);

/** Code and name, the reader's own language first, then by name. */
export function languages(own: string): [string, string][] {
	const all = CODES.map((code): [string, string] => [code, languageName(code)]);
	return all.sort(([one, a], [other, b]) => Number(other === own) - Number(one === own) || a.localeCompare(b, own));
}
