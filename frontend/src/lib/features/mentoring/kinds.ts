/** The ways in which one can be guided. */
import { m } from '#lib/i18n/index.ts';

export type Kind = 'sponsorship' | 'advice' | 'taster' | 'peer';

export function kindName(kind: Kind | undefined): string {
	if (kind === 'advice') return m.asking_kind_advice();
	if (kind === 'taster') return m.asking_kind_taster();
	return kind === 'peer' ? m.asking_kind_peer() : m.asking_kind_sponsorship();
}
