/** What a rule says, in a plain sentence. */
import type { Schemas } from '#lib/api/client.ts';
import { m, sentence } from '#lib/i18n/index.ts';
import { countryName, date, list, money } from '#lib/intl.ts';
import { length } from '../bookings/words.ts';

export function ruleWords({ what, terms }: Schemas['Rule']): string {
	const number = (name: string) => Number(terms[name] ?? 0);
	switch (what) {
		case 'length':
			return m.hosting_rule_length({ least: length(number('min_minutes')), most: length(number('max_minutes')) });
		case 'lead':
			return m.hosting_rule_lead({ length: length(number('lead_minutes')) });
		case 'ahead':
			return m.hosting_rule_ahead({ count: number('ahead_days') });
		case 'notice':
			return m.hosting_rule_notice({ length: length(number('cancel_notice_minutes')) });
		case 'release':
			return m.hosting_rule_release({ length: length(number('release_minutes')) });
		case 'quota':
			return [
				terms['hours'] == null
					? m.hosting_rule_quota_bookings({ count: number('count') })
					: m.hosting_rule_quota_hours({ count: number('hours') }),
				sentence(`hosting_each_${String(terms['per'])}`),
				sentence(`hosting_each_${String(terms['period'])}`)
			].join(', ');
		case 'cost':
			return m.hosting_rule_cost({ amount: amount(terms) });
		case 'deposit':
			return m.hosting_rule_deposit({ amount: amount(terms) });
		case 'buffers':
			return m.hosting_rule_buffers({
				before: length(number('buffer_before_minutes')),
				after: length(number('buffer_after_minutes'))
			});
		case 'who':
			return m.hosting_rule_who({ who: list(named(terms)) });
		case 'approval':
			return m.hosting_rule_approval({ risk: String(terms['risk']) });
		default:
			return sentence(`hosting_rule_${what}`) ?? what;
	}
}

/** Those whom a rule lets book, each list in a word or two. */
function named(terms: Schemas['Rule']['terms']): string[] {
	const many = (name: string) => (Array.isArray(terms[name]) ? (terms[name] as (string | number)[]) : []);
	const collectives = many('collectives').length;
	const organisations = many('organisations').length;
	return [
		...many('roles').map((role) => sentence(`hosting_role_${role}`) ?? String(role)),
		...many('countries').map((code) => countryName(String(code))),
		...(collectives ? [m.hosting_some_collectives({ count: collectives })] : []),
		...(organisations ? [m.hosting_some_organisations({ count: organisations })] : [])
	];
}

/** "€2.50 and 1 credit per hour". */
function amount(terms: Schemas['Rule']['terms']): string {
	const cents = Number(terms['cents'] ?? 0);
	const credits = Number(terms['credits'] ?? 0);
	const parts = [
		cents ? money(cents, String(terms['currency'] ?? 'EUR')) : '',
		credits ? m.hosting_credits({ count: credits }) : ''
	];
	const per = terms['per'] ? (sentence(`hosting_per_${String(terms['per'])}`) ?? '') : '';
	return [list(parts.filter(Boolean)), per].filter(Boolean).join(' ');
}

/** How long something that was granted counts: the day on which it ends, also when that is at midnight. */
export const untilWhen = (until: string | null | undefined): string =>
	until ? m.hosting_until_day({ when: date(new Date(Date.parse(until) - 1)) }) : m.hosting_for_good();
