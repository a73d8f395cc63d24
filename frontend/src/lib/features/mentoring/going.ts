/** How it goes, in words. */
import type { Schemas } from '#lib/api/client.ts';
import { sentence } from '#lib/i18n/index.ts';

export type Need = Schemas['PulseNeed'];
export const NEEDS: Need[] = ['nothing', 'time', 'direction', 'understanding', 'another_guide'];
export const GOING = [5, 4, 3, 2, 1] as const;

export const goingWords = (going: number): string => sentence(`pulse_going_${going}`) ?? '';
export const needWords = (need: string): string => sentence(`pulse_need_${need}`) ?? '';
