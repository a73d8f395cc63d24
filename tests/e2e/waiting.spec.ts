/** Waiting for something that is taken: who came first hears of it at once, without loading anything again. */
import type { Page } from '@playwright/test';

import { type Person, test } from './people.ts';
import { dayAhead, expect } from './story.ts';

/** Another day each time, so that telling the story again finds it free. */
const DAY = dayAhead(90 + Math.floor(Math.random() * 40));
const ROOM = 'Meeting room Spree';
const dialog = (page: Page) => page.getByRole('dialog');

async function wish({ page }: Person): Promise<void> {
	await page.goto('/book');
	await page.getByRole('searchbox').fill('Spree');
	await page.getByLabel('Day', { exact: true }).fill(DAY);
	await page.getByRole('button', { name: ROOM }).click();
	await dialog(page).getByLabel('From', { exact: true }).selectOption('10:00');
	await dialog(page).getByLabel('Until', { exact: true }).selectOption('12:00');
	await dialog(page).getByRole('button', { name: 'Save booking' }).click();
}

test('what frees is offered to the first in line, who sees it at once and takes it', async ({ joins }) => {
	const [ada, bob, eve] = [await joins({ name: 'Ada' }), await joins({ name: 'Bob' }), await joins({ name: 'Eve' })];
	await wish(ada);
	await expect(ada.page.getByText('Booking saved')).toBeVisible();
	for (const [person, place] of [
		[bob, 1],
		[eve, 2]
	] as const) {
		await wish(person);
		await dialog(person.page).getByRole('button', { name: 'Tell me when it frees' }).click();
		await expect(person.page.getByText(`You are number ${place} in line. You will be told.`)).toBeVisible();
		await person.page.goto('/book/waiting');
		await expect(person.page.getByText(`Number ${place} in line`)).toBeVisible();
	}

	await ada.page.goto('/book/mine');
	await ada.page.getByRole('button', { name: 'Cancel booking' }).first().click();
	await dialog(ada.page).getByRole('button', { name: 'Cancel booking' }).click();
	await expect(ada.page.getByText('Booking cancelled')).toBeVisible();

	await expect(bob.page.getByText('Free for you')).toBeVisible();
	await bob.page.getByRole('button', { name: /^Take it/ }).click();
	await expect(bob.page.getByText(/^It is yours: Meeting room Spree/)).toBeVisible();
	await bob.page.goto('/book/mine');
	await expect(bob.page.getByRole('article').filter({ hasText: ROOM })).toBeVisible();
	await eve.page.reload();
	await expect(eve.page.getByText('Number 1 in line')).toBeVisible();
});
