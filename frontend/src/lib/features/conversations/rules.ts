/** The rules of living together, by which a message is reported or hidden. */
import { m } from '#lib/i18n/index.ts';

const RULES = {
	respect: m.chats_rule_respect,
	harassment: m.chats_rule_harassment,
	discrimination: m.chats_rule_discrimination,
	privacy: m.chats_rule_privacy,
	advertising: m.chats_rule_advertising,
	fraud: m.chats_rule_fraud,
	unlawful: m.chats_rule_unlawful,
	off_topic: m.chats_rule_off_topic,
	other: m.chats_rule_other
} as const;

export const ruleOptions = (): [string, string][] => Object.entries(RULES).map(([rule, words]) => [rule, words()]);

/** A rule in words; what is no rule of ours is shown as it was written. */
export const ruleWords = (rule: string): string => (rule in RULES ? RULES[rule as keyof typeof RULES]() : rule);
