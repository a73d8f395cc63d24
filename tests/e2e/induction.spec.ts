/** A refused booking leads to a seat in the next induction; the host lets the person use it; the booking succeeds. */
import type { Page } from '@playwright/test';

import { GUIDE } from './app.ts';
import { test, unique } from './people.ts';
import { expect, expectAccessible } from './story.ts';

const DAY = new Date(Date.now() + 27 * 86_400_000);
while (DAY.getUTCDay() !== 3) DAY.setUTCDate(DAY.getUTCDate() + 1);
const dialog = (page: Page) => page.getByRole('dialog');

async function wish(page: Page): Promise<void> {
	await page.goto('/book');
	await page.getByRole('searchbox').fill('Laser');
	await page.getByLabel('Day', { exact: true }).fill(DAY.toISOString().slice(0, 10));
	await page.getByRole('button', { name: 'Laser cutter' }).click();
	await dialog(page).getByLabel('From', { exact: true }).selectOption('10:00');
	await dialog(page).getByLabel('Until', { exact: true }).selectOption('12:00');
	await dialog(page).getByRole('button', { name: 'Save booking' }).click();
}

test('a refused booking leads to a seat in the next induction, and the grant to the booking', async ({ joins, as }) => {
	const ada = await joins({ name: 'Ada' });
	await wish(ada.page);
	await expect(dialog(ada.page).getByText('You need an induction first: Laser cutter.')).toBeVisible();
	await dialog(ada.page)
		.getByRole('button', { name: /^Take a seat/ })
		.first()
		.click();
	await expect(dialog(ada.page).getByText('You have a seat.')).toBeVisible();

	const host = await as(GUIDE);
	await host.goto('/book/inductions');
	await host.getByRole('button', { name: `Let ${ada.name} use it` }).click();
	await expect(host.getByText(`${ada.name} may use it now.`)).toBeVisible();

	await dialog(ada.page).getByRole('button', { name: 'Save booking' }).click();
	await expect(ada.page.getByText('Booking saved')).toBeVisible();
});

test('a host plans an induction that books its room, and a member takes a seat', async ({ as, joins }) => {
	const name = `Looms ${unique()}`;
	const host = await as(GUIDE);
	await host.goto('/book/inductions');
	await host.getByRole('heading', { name: 'Add an induction' }).click();
	await host.getByRole('textbox', { name: 'What you show' }).fill(name);
	await host.getByRole('button', { name: 'Add an induction' }).click();
	const card = host.getByRole('listitem').filter({ has: host.getByRole('heading', { name }) });
	await card.getByText('Plan dates, and who may use it').click();
	const day = new Date(Date.now() + (40 + Math.floor(Math.random() * 60)) * 86_400_000);
	while (day.getUTCDay() !== 3) day.setUTCDate(day.getUTCDate() + 1);
	await card.getByLabel('Day', { exact: true }).fill(day.toISOString().slice(0, 10));
	await card.getByLabel('Book for it').selectOption({ index: 1 });
	await card.getByRole('button', { name: 'Plan this date' }).click();
	await expect(card.getByText(/4 seats left/)).toBeVisible();
	await expectAccessible(host);

	const ada = await joins({ name: 'Ada' });
	await ada.page.goto('/book/inductions');
	const hers = ada.page.getByRole('listitem').filter({ has: ada.page.getByRole('heading', { name }) });
	await hers.getByRole('button', { name: /^Take a seat/ }).click();
	await expect(hers.getByText(/3 seats left/)).toBeVisible();

	await host.reload();
	await card.getByRole('button', { name: `Let ${ada.name} use it` }).click();
	await expect(host.getByText(`${ada.name} may use it now.`)).toBeVisible();
	await card.getByText('Plan dates, and who may use it').click();
	await card.getByRole('button', { name: `Take it back: ${ada.name}` }).click();
	await expect(host.getByText(`${ada.name} may no longer use it.`)).toBeVisible();
	await card.getByRole('button', { name: /^Cancel this date/ }).click();
	await expect(card.getByText('No date yet.')).toBeVisible();
});
