/** What a calendar says: when a house is closed, what is held, and that both views of a day agree; live while others book. */
import type { Page } from '@playwright/test';

import { type Person, test } from './people.ts';
import { bringIntoView, dayAhead, expect, expectAccessible } from './story.ts';

const ROOM = 'Meeting room Deûle';
/** Another day each time, so that telling the story again finds it free. */
const DAYS = 44 + Math.floor(Math.random() * 25);
const dialog = (page: Page) => page.getByRole('dialog');
const line = (page: Page) => page.getByRole('listitem').filter({ hasText: ROOM });

async function roomOf(person: Person) {
	const { results } = await person.ask<{
		results: { id: number; place: { id: number } }[];
	}>('GET', '/api/resources/?search=De%C3%BBle');
	const found = results[0];
	if (!found) throw new Error('the demo data has no such room');
	return found;
}

async function list(page: Page, day: string): Promise<void> {
	await page.goto('/book');
	await page.getByRole('searchbox').fill('Deûle');
	await page.getByLabel('Day', { exact: true }).fill(day);
	await expect(page.getByRole('button', { name: ROOM })).toBeVisible();
}

const wish = (resource: number, day: string, from: string, until: string, title = '') => ({
	resources: [resource],
	starts_at: `${day}T${from}`,
	ends_at: `${day}T${until}`,
	title
});

test('a change by one shows in the open list and among the own bookings of another window', async ({ joins }) => {
	const [ada, bob] = [await joins({ name: 'Ada' }), await joins({ name: 'Bob' })];
	const day = dayAhead(DAYS);
	const { id } = await roomOf(ada);
	await list(bob.page, day);
	await expect(line(bob.page)).toContainText('Free all day');
	await ada.page.goto('/book/mine');
	await expect(ada.page.getByText('Nothing booked at the moment.')).toBeVisible();
	await ada.ask('POST', '/api/bookings/', wish(id, day, '10:00', '12:00', 'Quick meeting'));
	const stored = Date.now();
	await expect(line(bob.page)).toContainText('Free 08:00–10:00 and 12:00–22:00');
	console.log(`seen by the other person ${Date.now() - stored} ms after the answer`);
	// A thing that was not in the list before.
	await expect(ada.page.getByRole('article').filter({ hasText: 'Quick meeting' })).toBeVisible();
});

test('a form whose time was just taken says so before it is sent', async ({ joins }) => {
	const [ada, bob] = [await joins({ name: 'Ada' }), await joins({ name: 'Bob' })];
	const day = dayAhead(DAYS + 1);
	const { id } = await roomOf(ada);
	await list(bob.page, day);
	await bob.page.getByRole('button', { name: ROOM }).click();
	await dialog(bob.page).getByLabel('From', { exact: true }).selectOption('10:00');
	await expect(dialog(bob.page).getByRole('alert')).toHaveCount(0);
	await ada.ask('POST', '/api/bookings/', wish(id, day, '10:00', '12:00'));
	await expect(dialog(bob.page).getByText('Someone has booked this already.')).toBeVisible();
});

test('what is found with a time in mind comes back when it is given back', async ({ joins }) => {
	const [ada, bob] = [await joins({ name: 'Ada' }), await joins({ name: 'Bob' })];
	const day = dayAhead(DAYS + 2);
	const { id } = await roomOf(ada);
	const booked = await ada.ask<{ id: number }>('POST', '/api/bookings/', wish(id, day, '10:00', '12:00'));
	await list(bob.page, day);
	await bob.page.getByLabel('Free from').selectOption('10:00');
	await bob.page.getByLabel('Free until').selectOption('12:00');
	await expect(bob.page.getByRole('button', { name: ROOM })).toHaveCount(0);
	await ada.ask('POST', `/api/bookings/${booked.id}/cancel/`);
	await expect(bob.page.getByRole('button', { name: ROOM })).toBeVisible();
});

test('list and timeline agree about what is held', async ({ joins }) => {
	const ada = await joins({ name: 'Ada' });
	const { page } = ada;
	const day = dayAhead(1);
	const { id } = await roomOf(ada);
	const { id: booking } = await ada.ask<{ id: number }>(
		'POST',
		'/api/bookings/',
		wish(id, day, '20:00', '20:30', 'Drag me')
	);
	await list(page, day);
	await expect(line(page)).toContainText(/Free .*20:00/);

	await page.goto('/book/timeline');
	await page.getByRole('combobox', { name: 'Place' }).fill('Filature');
	await page.getByRole('option', { name: /La Filature/ }).click();
	await page.getByRole('button', { name: 'Later' }).click();
	const block = page.getByRole('button', {
		name: /Deûle, 20:00–20:30: Drag me/
	});
	await bringIntoView(block);
	await expect(block).toBeVisible();
	await expectAccessible(page);
	await ada.ask('POST', `/api/bookings/${booking}/cancel/`);
});

test('the page of a thing says when its house is open, who looks after it, and is read with the keyboard', async ({
	joins
}) => {
	const ada = await joins({ name: 'Ada' });
	const { page } = ada;
	const { id } = await roomOf(ada);
	await page.goto(`/book/thing?id=${id}`);
	await expect(page.getByRole('heading', { level: 1, name: ROOM })).toBeVisible();
	await expect(page.getByRole('heading', { name: 'When it is open' })).toBeVisible();
	await expect(page.getByText(/^It belongs to /)).toBeVisible();
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Book it', exact: true }).focus();
	await page.keyboard.press('Enter');
	await expect(dialog(page).getByLabel('From', { exact: true })).toBeVisible();
});
