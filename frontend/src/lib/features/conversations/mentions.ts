/** Naming people with @. */

/** How often the others are told, at most, that I am writing; milliseconds. */
export const TYPED_EVERY = 3000;

/** What is being typed after an @ before the cursor: where it stands, and the word so far. Names have spaces, so two words count. */
export function mentionAt(text: string, cursor: number): { start: number; end: number; word: string } | undefined {
	const match = /(?:^|\s)@([\p{L}\p{N}'’.-]{0,40}(?: [\p{L}'’.-]{1,40})?)$/u.exec(text.slice(0, cursor));
	if (!match) return undefined;
	const word = match[1] ?? '';
	return { start: cursor - word.length - 1, end: cursor, word };
}

/** Those of the people picked whose names still stand in the text, each once. */
export function named<T extends { id: number; name: string }>(text: string, picked: T[]): T[] {
	const there = picked.filter(({ name }) => text.includes(`@${name}`));
	return [...new Map(there.map((who) => [who.id, who])).values()];
}
