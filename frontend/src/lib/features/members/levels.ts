/** Levels in plain words. */
import { m } from '#lib/i18n/index.ts';

const OFFER = [m.members_level_1, m.members_level_2, m.members_level_3, m.members_level_4, m.members_level_5];
const LANGUAGE = [
	m.members_lang_1,
	m.members_lang_2,
	m.members_lang_3,
	m.members_lang_4,
	m.members_lang_5,
	m.members_lang_6,
	m.members_lang_7
];

/** How well someone does what they offer, 1–5. */
export const levelName = (level: number): string => OFFER[level - 1]?.() ?? '';

/** How well someone speaks a language: 1–6 are CEFR A1–C2, 7 is native. */
export const languageLevel = (level: number): string => LANGUAGE[level - 1]?.() ?? '';
