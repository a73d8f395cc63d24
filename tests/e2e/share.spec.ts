/** Sharing rooms: two who want the same hour, what is free then, and what a collective hears of. */
import type { Page } from '@playwright/test';

import { type Person, test, unique } from './people.ts';
import { dayAhead, expect } from './story.ts';

/** A day far enough ahead that the demo data has nothing on it; another one for each story. */
const dialog = (page: Page) => page.getByRole('dialog');
const line = (page: Page, room: string) => page.getByRole('listitem').filter({ hasText: room });

async function look({ page }: Person, room: string, day: string, query = ''): Promise<void> {
	await page.goto(`/book${query}`);
	await page.getByRole('searchbox').fill(room.split(' ').at(-1) ?? room);
	await page.getByLabel('Day', { exact: true }).fill(day);
	await expect(page.getByRole('button', { name: room })).toBeVisible();
}

async function fill(page: Page, room: string, title: string, from: string, until: string): Promise<void> {
	await page.getByRole('button', { name: room }).click();
	await dialog(page).getByLabel('From', { exact: true }).selectOption(from);
	await dialog(page).getByLabel('Until', { exact: true }).selectOption(until);
	await dialog(page).getByLabel('What for').fill(title);
}

test('of two who save the same hour in the same instant, one has it and the other is offered another', async ({
	joins
}) => {
	const room = 'Meeting room Spree';
	const people = [await joins({ name: 'Anna' }), await joins({ name: 'Bilal' })];
	const day = dayAhead(31);
	for (const person of people) {
		await look(person, room, day);
		await fill(person.page, room, `${person.name} plans`, '10:00', '11:00');
	}
	await Promise.all(people.map(({ page }) => dialog(page).getByRole('button', { name: 'Save booking' }).click()));
	const saved = people.map(({ page }) => page.getByText('Booking saved'));
	const taken = people.map(({ page }) => dialog(page).getByText('Someone has booked this already.'));
	await expect.poll(async () => [await seen(saved), await seen(taken)]).toEqual([1, 1]);
	const loser = people[(await taken[0]?.isVisible()) ? 0 : 1]?.page as Page;
	await dialog(loser).getByRole('alert').getByRole('button').first().click();
	await dialog(loser).getByRole('button', { name: 'Save booking' }).click();
	await expect(loser.getByText('Booking saved')).toBeVisible();
});

test('only what is free in the wanted hours is offered', async ({ joins }) => {
	const room = 'Meeting room Zenne';
	const person = await joins({ name: 'Zita' });
	const day = dayAhead(32);
	const { page } = person;
	await look(person, room, day);
	await fill(page, room, 'Editing', '09:00', '12:00');
	await dialog(page).getByRole('button', { name: 'Save booking' }).click();
	await expect(line(page, room)).toContainText('Free 08:00–09:00 and 12:00–22:00');
	await page.getByLabel('Free from').selectOption('11:00');
	await page.getByLabel('Free until').selectOption('13:00');
	await expect(page.getByRole('button', { name: room })).toHaveCount(0);
	await page.getByLabel('Free until').selectOption('14:00');
	await page.getByLabel('Free from').selectOption('12:00');
	await expect(page.getByRole('button', { name: room })).toBeVisible();
});

test('what is booked for a collective, its people hear of at once and see among its bookings', async ({ joins }) => {
	const room = 'Meeting room Leie';
	const booker = await joins({ name: 'Carla' });
	const friend = await joins({ name: 'Dries' });
	const { id, name } = await booker.ask<{ id: number; name: string }>('POST', '/api/collectives/', {
		name: `Bureau ${unique()}`,
		purpose: 'Maps.'
	});
	await booker.ask('POST', `/api/collectives/${id}/invite/`, { member: friend.id });
	await friend.ask('POST', `/api/collectives/${id}/accept/`);
	await friend.page.goto(`/members/collective?id=${id}`);
	const bell = friend.page.getByRole('link', { name: /^News for you/ });
	await expect(bell).toHaveAccessibleName('News for you: 1 new');

	await look(booker, room, dayAhead(33), `?collective=${id}`);
	await fill(booker.page, room, 'Map of the north', '14:00', '16:00');
	await dialog(booker.page).getByLabel('For whom').selectOption(name);
	await dialog(booker.page).getByRole('button', { name: 'Save booking' }).click();
	await expect(booker.page.getByText('Booking saved')).toBeVisible();

	await expect(bell).toHaveAccessibleName('News for you: 2 new');
	const coming = friend.page.getByRole('region', { name: 'What is coming' });
	await expect(coming.getByRole('listitem')).toContainText(/Meeting room Leie.*Map of the north/);
	await bell.click();
	await expect(
		friend.page.getByText(new RegExp(`^${booker.name} has booked ${room} for ${name}: .*14:00–16:00`))
	).toBeVisible();
});

async function seen(places: { isVisible(): Promise<boolean> }[]): Promise<number> {
	return (await Promise.all(places.map((place) => place.isVisible()))).filter(Boolean).length;
}
