/** Looking skills up while someone types. */
import { api, must, type Schemas } from '#lib/api/client.ts';
import { m } from '#lib/i18n/index.ts';
import type { Option } from '#lib/ui/Combo.svelte';

export type Suggestion = Schemas['Suggestion'];

/** Concepts that fit what was typed; empty until something is. */
export async function suggest(typed: string, kind = 'skill'): Promise<Suggestion[]> {
	if (!typed.trim()) return [];
	return must(api.GET('/api/skills/', { params: { query: { q: typed, kind } } }));
}

/** The same as options of a combobox; what matched is shown when it is not the name itself. */
export async function skillOptions(typed: string, kind = 'skill'): Promise<Option[]> {
	return (await suggest(typed, kind)).map((one) => asOption(one, one.name));
}

/** Skills, and after them trades to choose the skills of: people know the name of what they are. */
export async function skillOrTradeOptions(typed: string): Promise<Option[]> {
	const found = await suggest(typed, 'skill,profession');
	return found.map((one) =>
		asOption(one, one.kind === 'profession' ? m.me_skills_of_trade({ name: one.name }) : one.name)
	);
}

export const isTrade = (option: Option): boolean => option.value.startsWith('profession:');

/** What people in this trade often offer. */
export async function skillsOf(trade: Option): Promise<Schemas['Named'][]> {
	return (await must(api.GET('/api/professions/{id}/', { params: { path: { id: idOf(trade) } } }))).skills;
}

const asOption = (one: Suggestion, label: string): Option => ({
	value: `${one.kind}:${one.id}`,
	label,
	note: one.matched ?? undefined
});

export const idOf = (option: Option): number => Number(option.value.split(':')[1]);

/** A skill that nobody had named before; usable at once. */
export async function propose(name: string): Promise<Schemas['Named']> {
	const skill = await must(api.POST('/api/skills/', { body: { name } }));
	return { id: skill.id, name: skill.name };
}
