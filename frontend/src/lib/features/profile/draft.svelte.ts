/** What is being written about oneself: the profile as form fields, and back as what the server takes. */
import type { Schemas } from '#lib/api/client.ts';
import { getLocale } from '#lib/i18n/index.ts';
import type { Track } from '#lib/features/mentoring/tracks.ts';
import type { Hours } from '#lib/ui/WeekHours.svelte';

export interface Named {
	id: number;
	name: string;
}

export class Draft {
	name = $state('');
	organisation = $state('');
	country = $state('');
	city = $state('');
	timezone = $state('');
	about = $state('');
	profession = $state<Named>();
	sectors = $state<Named[]>([]);
	languages = $state<{ code: string; level: number }[]>([]);
	offers = $state<{ skill: Named; level: number }[]>([]);
	wants = $state<{ skill: Named; level_now: number; priority: number }[]>([]);
	hours = $state<Hours[]>([]);
	seenBy = $state<'everyone' | 'organisation' | 'nobody'>('everyone');
	seenAbroad = $state<Schemas['SeenAbroadEnum']>('everything');
	showsPresence = $state(true);
	worksIn = $state<string[]>([]);
	abroad = $state(true);
	online = $state(true);
	inPerson = $state(true);
	capacity = $state(0);
	paused = $state(false);
	tracks = $state<Track[]>([]);

	constructor(me: Schemas['Me']) {
		this.name = me.name ?? '';
		this.organisation = String(me.organisation?.id ?? '');
		this.country = me.country ?? '';
		this.city = me.city ?? '';
		this.timezone = me.is_onboarded ? (me.timezone ?? '') : Intl.DateTimeFormat().resolvedOptions().timeZone;
		this.about = me.about ?? '';
		this.profession = me.profession ?? undefined;
		this.sectors = [...me.sectors];
		this.languages = me.languages.map(({ code, level }) => ({ code, level }));
		if (!me.is_onboarded && !this.languages.length) this.languages = [{ code: getLocale(), level: 7 }];
		this.offers = me.offers.map(({ skill, level = 3 }) => ({ skill, level }));
		this.wants = me.wants.map(({ skill, level_now = 0, priority = 2 }) => ({ skill, level_now, priority }));
		this.hours = me.free_hours.map(({ weekday, from, until }) => ({ weekday, from, until }));
		this.seenBy = me.seen_by ?? 'everyone';
		this.seenAbroad = me.seen_abroad ?? 'everything';
		this.showsPresence = me.shows_presence ?? true;
		this.worksIn = [...me.works_in];
		this.abroad = me.wishes_abroad ?? true;
		this.online = me.meets_online ?? true;
		this.inPerson = me.meets_in_person ?? true;
		this.capacity = me.guide_capacity ?? 0;
		this.paused = me.guide_paused ?? false;
		this.tracks = [...me.guide_tracks];
	}

	/** The wish for PATCH /api/me/. */
	wish() {
		return {
			name: this.name.trim(),
			...(this.organisation ? { organisation: Number(this.organisation) } : {}),
			...(this.country ? { country: this.country } : {}),
			city: this.city.trim(),
			timezone: this.timezone,
			language: getLocale(),
			about: this.about.trim(),
			profession: this.profession?.id ?? null,
			sectors: this.sectors.map((sector) => sector.id),
			languages: this.languages.filter((language) => language.code),
			offers: this.offers.map(({ skill, level }) => ({ skill: skill.id, level })),
			// The order in which wishes stand is their priority.
			wants: this.wants.map(({ skill, level_now }, place) => ({ skill: skill.id, level_now, priority: 3 - place })),
			free_hours: this.hours,
			seen_by: this.seenBy,
			seen_abroad: this.seenAbroad,
			shows_presence: this.showsPresence,
			works_in: this.worksIn,
			wishes_abroad: this.abroad,
			meets_online: this.online,
			meets_in_person: this.inPerson,
			guide_capacity: Number(this.capacity),
			guide_paused: this.paused,
			guide_tracks: this.tracks
		};
	}
}
