/** What a thing or room has, in words. */
import type { Schemas } from '#lib/api/client.ts';
import { sentence } from '#lib/i18n/index.ts';

export type Feature = Schemas['Thing']['features'][number];

export const FEATURES = [
	'step_free',
	'accessible_toilet',
	'hearing_loop',
	'quiet',
	'daylight',
	'blackout_curtains',
	'soundproof',
	'wifi',
	'screen',
	'projector',
	'video_calls',
	'whiteboard',
	'sound_system',
	'stage_light',
	'sprung_floor',
	'piano',
	'water',
	'kitchen',
	'extraction',
	'three_phase_power',
	'loading_bay',
	'parking',
	'bike_parking',
	'children_welcome'
] as const satisfies readonly Feature[];

export const featureWords = (feature: Feature): string => sentence(`things_feature_${feature}`, {}) ?? feature;
