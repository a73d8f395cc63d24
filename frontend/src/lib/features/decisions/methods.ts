/** The ways to vote, and what each needs. */
import type { Schemas } from '#lib/api/client.ts';
import { span } from '#lib/intl.ts';
import { myZone } from './deadline.ts';

export type Method = Schemas['Proposal']['method'];
export type Option = Schemas['Proposal']['options'][number];

export const METHODS: Method[] = ['consent', 'majority', 'score', 'ranked', 'dots', 'dates'];
export const WITH_OPTIONS: Method[] = ['score', 'ranked', 'dots', 'dates'];
export const TOP_SCORE = 5;

/** What an option is called: its name, or when it is, on the clock of my profile. */
export const called = (option: Option): string =>
	option.starts_at && option.ends_at ? span(option.starts_at, option.ends_at, myZone()) : (option.title ?? '');

/** What takes effect when a proposal is decided, as the API takes it. */
export type Effect = NonNullable<Schemas['ProposeRequest']['effects']>[number];

const LOOK_AGAIN = 2_000;
const A_DAY = 86_400_000;

/** Milliseconds until there may be something new without anybody doing anything; undefined where that is not today. */
export function untilNews({ state, verdict, closes_at, effects }: Schemas['Proposal']): number | undefined {
	if (verdict === 'decided') return effects.some((one) => one.state === 'waiting') ? LOOK_AGAIN : undefined;
	if (state === 'opening' || state === 'counting') return LOOK_AGAIN;
	if (state !== 'voting' || !closes_at) return undefined;
	const wait = Math.max(LOOK_AGAIN, Date.parse(closes_at) - Date.now() + 1_000);
	return wait < A_DAY ? wait : undefined;
}
