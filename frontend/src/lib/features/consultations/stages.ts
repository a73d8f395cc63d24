/** How far a consultation is. */
import type { Schemas } from '#lib/api/client.ts';
import { m } from '#lib/i18n/index.ts';

export type Consultation = Schemas['Consultation'];
export const STAGES = ['collecting', 'grouping', 'discussion', 'voting', 'closed', 'concluded'] as const;

/** Who is asked. */
export const whom = (one: { organisation: { name: string } | null }): string =>
	one.organisation?.name ?? m.consultations_federation();

/** Without collecting, it begins with talking. */
export const stagesOf = (one: { collects_until: string | null }): readonly string[] =>
	one.collects_until ? STAGES : STAGES.slice(2);
