/** What guidance can be about. */
import { m } from '#lib/i18n/index.ts';

export type Track = 'social' | 'economic' | 'cooperative';
export const TRACKS: Track[] = ['social', 'economic', 'cooperative'];

export function trackName(track: Track): string {
	if (track === 'social') return m.guidance_track_social();
	return track === 'economic' ? m.guidance_track_economic() : m.guidance_track_cooperative();
}
