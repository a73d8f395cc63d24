import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Schemas } from '#lib/api/client.ts';
import BallotForm from '#lib/features/decisions/BallotForm.svelte';
import { speakEnglish } from '../bookings/things.ts';

beforeAll(speakEnglish);

const ranked = {
	id: 1,
	method: 'ranked',
	options: [
		{ id: 7, title: 'Tyres' },
		{ id: 8, title: 'A course' }
	],
	mine: { may: true, ballot: null, delegate: null }
} as unknown as Schemas['Proposal'];

test('what is put in order by keyboard keeps the focus, and its place can be changed from there', async () => {
	render(BallotForm, { proposal: ranked, onvoted: vi.fn() });
	const user = userEvent.setup();
	const order = () => screen.getAllByRole('listitem').map((one) => one.querySelector('span')?.textContent);
	screen.getByRole('button', { name: '1. Tyres' }).focus();
	await user.keyboard('{Enter}');
	expect(document.activeElement).toHaveTextContent('Tyres');
	screen.getByRole('button', { name: '2. A course' }).focus();
	await user.keyboard('{Enter}');
	expect(order()).toEqual(['1. Tyres', '2. A course']);
	await user.tab();
	await user.keyboard('{Enter}');
	expect(order()).toEqual(['1. A course', '2. Tyres']);
	expect(document.activeElement).toBe(screen.getAllByRole('listitem')[0]);
	await user.tab();
	await user.keyboard('{Enter}');
	expect(document.activeElement).toBe(screen.getByRole('button', { name: '2. A course' }));
});
