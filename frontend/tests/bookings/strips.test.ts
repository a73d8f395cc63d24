import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeAll, expect, test, vi } from 'vitest';
import DayStrips from '#lib/features/bookings/DayStrips.svelte';
import { busy, DAY, NOW, room, speakEnglish, told } from './things.ts';

beforeAll(speakEnglish);

test('each line says what is free in words, and opens with the keyboard', async () => {
	const onpick = vi.fn();
	const closed = room({ id: 2, name: 'Stage', may: { book: false } });
	render(DayStrips, { resources: [room(), closed], told: told(busy('09:00', '11:00')), day: DAY, now: NOW, onpick });
	expect(await screen.findByText('Free 08:00–10:00 and 12:00–22:00')).toBeInTheDocument();
	expect(await screen.findByText('Only for members of the organisation it belongs to.')).toBeInTheDocument();
	const user = userEvent.setup();
	await user.tab();
	await user.keyboard('{Enter}');
	expect(onpick.mock.calls[0]?.[0]).toEqual(room());
});

test('my own bookings are marked, and units of a pool counted', async () => {
	const pool = room({ capacity: 8 });
	const { container } = render(DayStrips, {
		resources: [pool],
		told: told(busy('09:00', '11:00', { mine: true, quantity: 3 })),
		day: DAY,
		now: NOW,
		onpick: vi.fn()
	});
	await screen.findByRole('button');
	const parts = [...container.querySelectorAll('.part')].map((part) => [
		part.textContent.trim(),
		part.classList.contains('mine')
	]);
	expect(parts).toEqual([
		['8', false],
		['5', true],
		['8', false]
	]);
});
