import { expect, test } from 'vitest';
import { placeOf } from '#lib/features/members/place.ts';

test('a place is said once, and only as far as it is told', () => {
	const lyon = { city: 'Lyon', region: { code: 'FR-ARA', name: 'Auvergne-Rhône-Alpes' }, country: 'FR' };
	expect(placeOf(lyon)).toBe('Lyon, Auvergne-Rhône-Alpes, France');
	expect(placeOf({ city: 'Berlin', region: { code: 'DE-BE', name: 'Berlin' }, country: 'DE' })).toBe('Berlin, Germany');
	expect(placeOf({ city: '', region: null, country: 'FR' })).toBe('France');
	expect(placeOf({ city: '', region: null, country: '' })).toBe('');
});
