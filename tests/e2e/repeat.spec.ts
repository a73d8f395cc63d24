/** Booking something again and again: every time is seen first, and what was cancelled stays away when the others change. */
import type { Page } from '@playwright/test';

import { type Person, test, unique } from './people.ts';
import { dayAhead, expect, expectAccessible, expectNoSidewaysScroll } from './story.ts';

const ROOM = 'Meeting room Spree';
const dialog = (page: Page) => page.getByRole('dialog');
const times = (page: Page) => page.getByRole('region', { name: 'Every time' }).getByRole('listitem');

/** A day far enough ahead that the demo data has nothing on it, nor on the same day of the weeks after it. */

async function thing(page: Page): Promise<number> {
	const answer = await page.request.get('/api/resources/?search=Spree');
	const { results } = (await answer.json()) as { results: { id: number; name: string }[] };
	return results.find(({ name }) => name === ROOM)?.id ?? 0;
}

async function repeat({ page }: Person, day: string, title: string): Promise<void> {
	await page.goto(`/book/repeat?resource=${await thing(page)}&from=${day}T10:00&until=${day}T11:00`);
	await page.getByLabel('How many times').fill('4');
	await page.getByLabel('What for').fill(title);
	await expect(times(page)).toHaveCount(4);
}

/** Somebody has the second of the four times. */
async function taken({ page }: Person, day: string): Promise<void> {
	await page.goto('/book');
	await page.getByRole('searchbox').fill('Spree');
	await page.getByLabel('Day', { exact: true }).fill(day);
	await page.getByRole('button', { name: ROOM }).click();
	await dialog(page).getByLabel('From', { exact: true }).selectOption('10:00');
	await dialog(page).getByLabel('Until', { exact: true }).selectOption('11:00');
	await dialog(page).getByRole('button', { name: 'Save booking' }).click();
	await expect(page.getByText('Booking saved')).toBeVisible();
}

test('a series shows what is taken, is booked without it, and keeps away what was cancelled', async ({ joins }) => {
	const [ada, ben] = [await joins({ name: 'Ada' }), await joins({ name: 'Ben' })];
	const [day, title] = [dayAhead(50), `Choir ${unique()}`];
	const { page } = ada;
	await repeat(ada, day, title);
	await expect(page.getByText('4 of 4 times would be booked.')).toBeVisible();

	// While Ada looks, somebody takes one of them: she sees it at once.
	await taken(ben, dayAhead(57));
	await expect(times(page).nth(1)).toContainText('Taken');
	await expect(page.getByText('3 of 4 times would be booked.')).toBeVisible();
	await page.getByLabel('When a time is taken').selectOption('Take the nearest free time');
	await expect(times(page).nth(1)).toContainText('booked at this time instead');
	await page.getByLabel('When a time is taken').selectOption('Leave that time out');
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Book 3 times' }).click();
	await expect(page.getByText('3 times are booked.')).toBeVisible();

	const cards = page.getByRole('article').filter({ hasText: title });
	await expect(cards).toHaveCount(3);
	await expect(cards.nth(1)).toContainText('2 of 3');
	await cards.nth(1).getByRole('button', { name: 'Cancel booking' }).click();
	await dialog(page).getByRole('button', { name: 'Cancel booking' }).click();
	await expect(page.getByText('Booking cancelled')).toBeVisible();

	await cards.first().getByRole('button', { name: 'Change or cancel the series' }).click();
	await dialog(page).getByLabel('Which of them').selectOption('All that are still to come');
	await dialog(page).getByLabel('From', { exact: true }).selectOption('14:00');
	await expectAccessible(page);
	await dialog(page).getByRole('button', { name: 'Save the change' }).click();
	await expect(page.getByText('2 bookings changed.')).toBeVisible();
	await expect(cards.filter({ hasText: '14:00–15:00' })).toHaveCount(2);
	await expect(cards.filter({ hasText: '10:00–11:00' }).getByText('Cancelled', { exact: true })).toBeVisible();

	await cards.first().getByRole('button', { name: 'Change or cancel the series' }).click();
	await dialog(page).getByLabel('Which of them').selectOption('This one and all after it');
	await dialog(page)
		.getByRole('button', { name: /Cancel them/ })
		.click();
	await dialog(page).getByRole('button', { name: 'Cancel them', exact: true }).click();
	await expect(page.getByText('2 bookings cancelled.')).toBeVisible();
	await expect(cards.getByText('Cancelled', { exact: true })).toHaveCount(3);
});

test('a time is left out by keyboard, and what cannot be said is refused under its field', async ({ joins }) => {
	const ada = await joins({ name: 'Ada' });
	const { page } = ada;
	await repeat(ada, dayAhead(51), `Tea ${unique()}`);
	await times(page)
		.nth(2)
		.getByRole('button', { name: /Leave out/ })
		.focus();
	await page.keyboard.press('Enter');
	await expect(times(page).nth(2)).toContainText('Left out');
	await expect(page.getByRole('button', { name: 'Book 3 times' })).toBeVisible();
	await page.getByLabel('How many times').fill('401');
	await expect(page.getByLabel('How many times')).toHaveAccessibleDescription('A series has 400 times at most.');
	await page.setViewportSize({ width: 320, height: 640 });
	await expectNoSidewaysScroll(page);
	await expectAccessible(page);
});

test('one comes to it from the booking form with its times, and from a booking a week later', async ({ joins }) => {
	const { page } = await joins({ name: 'Ada' });
	await page.goto(`/book?resource=${await thing(page)}`);
	await dialog(page).getByLabel('Day', { exact: true }).fill(dayAhead(52));
	await dialog(page).getByLabel('From', { exact: true }).selectOption('15:00');
	await dialog(page).getByLabel('Until', { exact: true }).selectOption('16:30');
	await dialog(page).getByRole('link', { name: 'Repeat this booking' }).click();
	await expect(dialog(page)).toHaveCount(0);
	await expect(page.getByLabel('Day', { exact: true })).toHaveValue(dayAhead(52));
	await expect(page.getByLabel('From', { exact: true })).toHaveValue('15:00');
	await expect(page.getByLabel('Until', { exact: true })).toHaveValue('16:30');
	await page.getByLabel('How many times').fill('1');
	await page.getByLabel('What for').fill('Once');
	await page.getByRole('button', { name: 'Book 1 time' }).click();
	await expect(page.getByText('1 time is booked.')).toBeVisible();

	await page.goto('/book');
	await page.getByRole('searchbox').fill('Spree');
	await page.getByLabel('Day', { exact: true }).fill(dayAhead(53));
	await page.getByRole('button', { name: ROOM }).click();
	await dialog(page).getByLabel('What for').fill('Alone');
	await dialog(page).getByRole('button', { name: 'Save booking' }).click();
	await expect(page.getByText('Booking saved')).toBeVisible();
	await page.goto('/book/mine');
	const card = page.getByRole('article').filter({ hasText: 'Alone' });
	await card.getByRole('link', { name: 'Repeat this booking' }).click();
	await expect(page.getByLabel('Day', { exact: true })).toHaveValue(dayAhead(60));
	await expect(page.getByLabel('What for')).toHaveValue('Alone');
});
