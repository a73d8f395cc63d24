/** My bookings in another calendar: an address that shows them, until I make it useless. */
import { test } from './people.ts';
import { dayAhead, expect } from './story.ts';

/** Another day each time, so that telling the story again finds it free. */
const DAY = dayAhead(43 + Math.floor(Math.random() * 40));

test('an address shows my bookings to another calendar until it is revoked', async ({ joins }) => {
	const ada = await joins({ name: 'Ada' });
	const { page } = ada;
	const { results } = await ada.ask<{ results: { id: number; name: string }[] }>('GET', '/api/resources/?search=Leie');
	const wish = { resources: [results[0]?.id], starts_at: `${DAY}T10:00`, ends_at: `${DAY}T11:00`, title: 'Map room' };
	await ada.ask('POST', '/api/bookings/', wish);

	await page.goto('/me');
	await page.getByRole('link', { name: 'Calendars' }).click();
	await page.getByRole('button', { name: 'Make an address: My bookings' }).click();
	const address = await page.getByRole('textbox', { name: 'Address' }).inputValue();
	const there = new URL(address).pathname;
	const shown = await page.request.get(there);
	expect(await shown.text()).toContain('SUMMARY:Map room');

	await page.getByRole('button', { name: 'Make it useless: My bookings' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Make it useless' }).click();
	await expect(page.getByText('The address shows nothing any more.')).toBeVisible();
	expect((await page.request.get(there)).status()).toBe(404);
});
