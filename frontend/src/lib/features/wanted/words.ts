/** What a call says, in short words. */
import type { Schemas } from '#lib/api/client.ts';
import { m, sentence } from '#lib/i18n/index.ts';
import { countryName, date } from '#lib/intl.ts';

type Card = Schemas['CallCard'];

/** Lyon, France; from anywhere; or both. */
export function where(call: Card): string {
	const place = [call.city, countryName(call.country)].filter(Boolean).join(', ');
	if (!call.is_remote) return place;
	return place ? m.wanted_place_or_remote({ place }) : m.wanted_remote();
}

/** From when until when it is done; empty when nothing was said. */
export function when({ starts_on, ends_on }: Card): string {
	if (starts_on && ends_on) return m.wanted_between({ from: date(starts_on, 'UTC'), until: date(ends_on, 'UTC') });
	if (starts_on) return m.wanted_from({ day: date(starts_on, 'UTC') });
	return ends_on ? m.wanted_until({ day: date(ends_on, 'UTC') }) : '';
}

/** 2 × stage lighting. */
export const seats = ({ skill, people }: Schemas['CalledSkill']): string =>
	people > 1 ? m.wanted_seats({ people, skill: skill.name }) : skill.name;

/** Filled, closed or over; until when it is open; what became of my answer. */
export function standing(call: Card): string {
	if (call.my_answer) return sentence(`wanted_mine_${call.my_answer}`) ?? '';
	if (call.state !== 'open') return sentence(`wanted_state_${call.state}`) ?? '';
	return m.wanted_open_until({ day: date(call.open_until, 'UTC') });
}

export const by = (call: Card): string => call.collective?.name ?? call.author.name ?? '';
