/** The timeline with a pointer and by keyboard: drawn, dragged, made longer, moved; and another open window follows. */
import type { Locator, Page, TestInfo } from '@playwright/test';

import { test } from './people.ts';
import { bringIntoView, expect } from './story.ts';

const ROOM = 'Meeting room Deûle';
/** Soon enough for a few steps, late enough in the evening that the demo data has nothing, and another one for each telling. */
const dayOf = ({ retry, repeatEachIndex }: TestInfo) => 2 + retry + 2 * repeatEachIndex;

async function timeline(page: Page, days: number): Promise<void> {
	await page.setViewportSize({ width: 2200, height: 1000 });
	await page.goto('/book/timeline');
	await page.getByRole('combobox', { name: 'Place' }).fill('Filature');
	await page.getByRole('option', { name: /La Filature/ }).click();
	for (let step = 0; step < days; step++) await page.getByRole('button', { name: 'Later' }).click();
	await expect(page.locator('.ec-row-head').filter({ hasText: ROOM })).toBeVisible();
}

async function boxOf(locator: Locator) {
	await bringIntoView(locator);
	const box = await locator.boundingBox();
	if (!box) throw new Error('this is not on the screen');
	return box;
}

/** Where an hour stands in the row of the room. */
async function spot(page: Page, hour: string): Promise<[number, number]> {
	const { y, height } = await boxOf(page.locator('.ec-row-head').filter({ hasText: ROOM }));
	const { x } = await boxOf(page.locator('.ec-slot').filter({ hasText: hour }));
	return [x + 6, y + height / 2];
}

/** Again where a row went elsewhere in between, because someone booked something in the row above it. */
async function drag(page: Page, from: () => Promise<[number, number]>, by: number, done: Locator): Promise<void> {
	await expect(async () => {
		const [x, y] = await from();
		await page.mouse.move(x, y);
		await page.mouse.down();
		await page.mouse.move(x + by / 2, y, { steps: 5 });
		await page.mouse.move(x + by, y, { steps: 5 });
		await page.mouse.up();
		await expect(done).toBeVisible({ timeout: 3_000 });
	}).toPass();
}

test('what is drawn, dragged and moved by keyboard on one timeline is seen on the open timeline of another', async ({
	joins
}, info) => {
	const [ada, bob] = [await joins({ name: 'Ada' }), await joins({ name: 'Bob' })];
	const { page } = ada;
	await timeline(page, dayOf(info));
	await timeline(bob.page, dayOf(info));
	const block = (times: string) => page.getByRole('button', { name: new RegExp(`Deûle, ${times}: Drawn`) });
	const seen = (times: string) => bob.page.locator('.ec-event').filter({ hasText: `${ROOM}, ${times}` });

	const dialog = page.getByRole('dialog');
	await drag(page, () => spot(page, '20:00'), 60, dialog);
	await expect(dialog.getByLabel('From', { exact: true })).toHaveValue('20:00');
	await expect(dialog.getByLabel('Until', { exact: true })).toHaveValue('21:00');
	await dialog.getByLabel('What for').fill('Drawn');
	await dialog.getByRole('button', { name: 'Save booking' }).click();
	await expect(seen('20:00–21:00')).toHaveCount(1);

	const middle = async (): Promise<[number, number]> => {
		const box = await boxOf(block('20:00–21:00'));
		return [box.x + box.width / 2, box.y + box.height / 2];
	};
	await drag(page, middle, 34, page.getByText(/^Booking moved to .*20:30–21:30/));
	await expect(seen('20:30–21:30')).toHaveCount(1);

	const edge = async (): Promise<[number, number]> => {
		const box = await boxOf(page.locator('.ec-event').filter({ has: block('20:30–21:30') }));
		return [box.x + box.width - 2, box.y + box.height / 2];
	};
	await drag(page, edge, 34, page.getByText(/^Booking moved to .*20:30–22:00/));
	await expect(seen('20:30–22:00')).toHaveCount(1);

	await block('20:30–22:00').focus();
	await page.keyboard.press('Alt+ArrowLeft');
	await expect(block('20:00–21:30')).toBeFocused();
	await expect(seen('20:00–21:30')).toHaveCount(1);
});
