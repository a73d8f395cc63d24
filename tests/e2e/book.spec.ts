/** Booking a room: found, taken, moved and cancelled, seen by others at once, in every language and by keyboard. */
import type { Page } from '@playwright/test';

import { GUIDE, NEWCOMER } from './app.ts';
import { dayAhead, expect, expectAccessible, expectNoSidewaysScroll, PHONE, test } from './story.ts';

const ROOM = 'Meeting room Deûle';

async function look(page: Page, day: string): Promise<void> {
	await page.goto('/book');
	await page.getByRole('searchbox').fill('Deûle');
	await page.getByLabel('Day', { exact: true }).fill(day);
	await expect(page.getByRole('button', { name: ROOM })).toBeVisible();
}

const line = (page: Page) => page.getByRole('listitem').filter({ hasText: ROOM });
const dialog = (page: Page) => page.getByRole('dialog');

async function book(page: Page, from: string, until: string, title: string): Promise<void> {
	await page.getByRole('button', { name: ROOM }).click();
	await dialog(page).getByLabel('From', { exact: true }).selectOption(from);
	await dialog(page).getByLabel('Until', { exact: true }).selectOption(until);
	await dialog(page).getByLabel('What for').fill(title);
	await dialog(page).getByRole('button', { name: 'Save booking' }).click();
}

test('what one books, someone else sees at once, and is offered another time', async ({ as }) => {
	const day = dayAhead(40);
	const grace = await as(GUIDE);
	const noor = await as(NEWCOMER);
	await look(grace, day);
	await look(noor, day);
	await expect(line(noor)).toContainText('Free all day');
	// Noor is still writing when Grace books.
	await noor.getByRole('button', { name: ROOM }).click();
	await dialog(noor).getByLabel('From', { exact: true }).selectOption('10:00');
	await dialog(noor).getByLabel('What for').fill('Proofreading');

	await book(grace, '10:00', '12:00', 'Read-through');
	await expect(grace.getByText('Booking saved')).toBeVisible();
	await expect(line(noor)).toContainText('Free 08:00–10:00 and 12:00–22:00');

	await dialog(noor).getByRole('button', { name: 'Save booking' }).click();
	await expect(dialog(noor).getByText('Someone has booked this already.')).toBeVisible();
	await expectAccessible(noor);
	await dialog(noor).getByRole('alert').getByRole('button').first().click();
	await expect(dialog(noor).getByLabel('What for')).toHaveValue('Proofreading');
	await dialog(noor).getByRole('button', { name: 'Save booking' }).click();
	await expect(noor.getByText('Booking saved')).toBeVisible();
});

test('a refused time says why under its field and keeps what was typed', async ({ as }) => {
	const page = await as(NEWCOMER);
	await look(page, dayAhead(41));
	await book(page, '16:00', '09:00', 'Backwards');
	const until = dialog(page).getByLabel('Until', { exact: true });
	await expect(until).toHaveAccessibleDescription('The end must come after the start.');
	await expect(until).toBeFocused();
	await expect(dialog(page).getByLabel('What for')).toHaveValue('Backwards');
});

test("a booking is changed and cancelled among one's own, and its time is free again", async ({ as }) => {
	const day = dayAhead(42);
	const page = await as(NEWCOMER);
	await look(page, day);
	await book(page, '09:00', '10:00', 'Interview');
	await expect(page.getByText('Booking saved')).toBeVisible();

	await page.goto('/book/mine');
	const card = page.getByRole('article').filter({ hasText: 'Interview' });
	await card.getByRole('button', { name: 'Change' }).click();
	await dialog(page).getByLabel('From', { exact: true }).selectOption('13:00');
	await dialog(page).getByRole('button', { name: 'Save booking' }).click();
	await expect(card).toContainText('13:00–14:00');

	await card.getByRole('button', { name: 'Cancel booking' }).click();
	await expectAccessible(page);
	await dialog(page).getByRole('button', { name: 'Cancel booking' }).click();
	await expect(page.getByText('Booking cancelled')).toBeVisible();
	await expect(card.getByText('Cancelled', { exact: true })).toBeVisible();
	await look(page, day);
	await expect(line(page)).toContainText('Free all day');
});

test('on the timeline a booking moves by keyboard and keeps the focus', async ({ as }) => {
	const page = await as(NEWCOMER);
	// Late in the evening of tomorrow, when the demo data has nothing.
	await look(page, dayAhead(1));
	await book(page, '21:00', '21:30', 'Call');
	await expect(page.getByText('Booking saved')).toBeVisible();

	await page.goto('/book/timeline');
	await page.getByRole('combobox', { name: 'Place' }).fill('Filature');
	await page.getByRole('option', { name: /La Filature/ }).click();
	await page.getByRole('button', { name: 'Later' }).click();
	const block = page.getByRole('button', { name: /Deûle.*Call/ });
	await block.focus();
	await page.keyboard.press('Alt+ArrowRight');
	await expect(page.getByText(/^Booking moved to .*21:30–22:00/)).toBeVisible();
	await expect(page.getByRole('button', { name: /21:30–22:00.*Call/ })).toBeFocused();
	await expectAccessible(page);
});

test('the form of a booking fits a narrow phone in the longest words, and axe finds nothing in it', async ({
	as,
	baseURL
}) => {
	const page = await as(GUIDE, {
		...PHONE,
		viewport: { width: 320, height: 640 }
	});
	await page.context().addCookies([{ name: 'lang', value: 'de', url: baseURL ?? '' }]);
	await page.goto('/book');
	await page.getByRole('heading', { level: 3 }).first().getByRole('button').click();
	await expect(dialog(page)).toBeVisible();
	await expectNoSidewaysScroll(page);
	await expectAccessible(page);
});
