/** What a rule says, in a plain sentence. */
import type { Schemas } from '#lib/api/client.ts';
import { m, sentence } from '#lib/i18n/index.ts';

export function ruleWords({ what, terms }: Schemas['Rule']): string {
	const number = (name: string) => Number(terms[name] ?? 0);
	switch (what) {
		case 'length':
			return m.hosting_rule_length({ least: number('min_minutes'), most: number('max_minutes') });
		case 'lead':
			return m.hosting_rule_lead({ count: number('lead_minutes') });
		case 'ahead':
			return m.hosting_rule_ahead({ count: number('ahead_days') });
		case 'notice':
			return m.hosting_rule_notice({ count: number('cancel_notice_minutes') });
		case 'release':
			return m.hosting_rule_release({ count: number('release_minutes') });
		case 'quota':
			return terms['hours'] == null
				? m.hosting_rule_quota_bookings({ count: number('count') })
				: m.hosting_rule_quota_hours({ count: number('hours') });
		case 'approval':
			return m.hosting_rule_approval({ risk: String(terms['risk']) });
		default:
			return sentence(`hosting_rule_${what}`) ?? what;
	}
}

/** The rules that the form knows, with the terms that one number makes of them. */
export const FORMS = {
	quota: { label: m.hosting_kind_quota, terms: (count: number) => ({ per: 'member', period: 'week', count }) },
	ahead: { label: m.hosting_kind_ahead, terms: (count: number) => ({ ahead_days: count }) },
	lead: { label: m.hosting_kind_lead, terms: (count: number) => ({ lead_minutes: count }) },
	notice: { label: m.hosting_kind_notice, terms: (count: number) => ({ cancel_notice_minutes: count }) }
};
