/** A circle in a few words: around what, in which language, where. */
import type { Schemas } from '#lib/api/client.ts';
import { m } from '#lib/i18n/index.ts';
import { languageName } from '#lib/intl.ts';

export const about = (circle: Schemas['CircleCard']): string =>
	[circle.skill?.name, languageName(circle.language), circle.city || m.circles_online()].filter(Boolean).join(' · ');
