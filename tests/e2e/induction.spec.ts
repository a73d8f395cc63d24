/** A refused booking leads to a seat in the next induction; the host lets the person use it; the booking succeeds. */
import type { Page } from '@playwright/test';

import { GUIDE } from './app.ts';
import { test } from './people.ts';
import { expect } from './story.ts';

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
