/** A room as it stands in a window, and what one does there. */
import { expect, type Locator, type Page } from '@playwright/test';

import { type Person, unique } from './people.ts';

export const log = (page: Page) => page.getByRole('log');
export const line = (page: Page, words: string) => log(page).getByRole('listitem').filter({ hasText: words }).first();
export const box = (page: Page) => page.getByRole('textbox', { name: /^Write / });
export const sheet = (page: Page) => page.getByRole('dialog');

/** A room that the first of them opened and looks after. */
export async function roomFor(steward: Person, ...others: Person[]): Promise<{ id: number; title: string }> {
	const title = `Workshop ${unique()}`;
	const members = others.map(({ id }) => id);
	const room = { kind: 'circle', title, purpose: 'We repair what breaks', access: 'private', members };
	const { id } = await steward.ask<{ id: number }>('POST', '/api/rooms/', room);
	return { id, title };
}

export async function enter({ page }: Person, room: number): Promise<void> {
	await page.goto(`/chats?room=${room}`);
	await expect(page.getByText('Connected', { exact: true })).toBeAttached();
	await expect(box(page)).toBeVisible();
}

export async function write(page: Page, words: string, shown = words): Promise<void> {
	await box(page).fill(words);
	await box(page).press('Enter');
	await expect(line(page, shown)).toBeVisible();
}

/** The sheet of what can be done with the message of these words. */
export async function more(page: Page, words: string, deed?: string): Promise<Locator> {
	await line(page, words).hover();
	await line(page, words)
		.getByRole('button', { name: /^More: / })
		.click();
	if (deed) await sheet(page).getByRole('button', { name: deed, exact: true }).click();
	return sheet(page);
}

export async function three(joins: (about: { name: string }) => Promise<Person>) {
	const [ada, ben, cleo] = [await joins({ name: 'Ada' }), await joins({ name: 'Ben' }), await joins({ name: 'Cleo' })];
	const room = await roomFor(ada, ben, cleo);
	return { ada, ben, cleo, room };
}
