/** Looking skills up while someone types. */
import { api, must, type Schemas } from '#lib/api/client.ts';
import type { Option } from '#lib/ui/Combo.svelte';

export type Suggestion = Schemas['Suggestion'];

/** Concepts that fit what was typed; empty until something is. */
export async function suggest(typed: string, kind = 'skill'): Promise<Suggestion[]> {
	if (!typed.trim()) return [];
	return must(api.GET('/api/skills/', { params: { query: { q: typed, kind } } }));
}

/** The same as options of a combobox; what matched is shown when it is not the name itself. */
export async function skillOptions(typed: string, kind = 'skill'): Promise<Option[]> {
	const found = await suggest(typed, kind);
	return found.map((one) => ({ value: `${one.kind}:${one.id}`, label: one.name, note: one.matched ?? undefined }));
}

export const idOf = (option: Option): number => Number(option.value.split(':')[1]);

/** A skill that nobody had named before; usable at once. */
export async function propose(name: string): Promise<Schemas['Named']> {
	const skill = await must(api.POST('/api/skills/', { body: { name } }));
	return { id: skill.id, name: skill.name };
}
