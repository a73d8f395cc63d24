/** At the door, on a phone: who has booked checks in with the label, takes things along in part, and both ends are photographed. */
import type { Page } from '@playwright/test';

import { GUIDE } from './app.ts';
import { test, unique } from './people.ts';
import { expect, expectAccessible, PHONE } from './story.ts';

interface Thing {
	id: number;
	name: string;
	code: string;
	place: { id: number; name: string };
}

/** A kit of this story alone, booked from the next quarter of an hour; by day and by night. */
async function kit(host: Page): Promise<{ kit: Thing; lamp: Thing; stand: Thing }> {
	const token = async () => (await host.context().cookies()).find(({ name }) => name === 'csrftoken')?.value ?? '';
	const ask = async <T>(method: string, path: string, data?: unknown): Promise<T> => {
		const headers = { 'X-CSRFToken': await token(), Referer: host.url() };
		const answer = await host.context().request.fetch(path, { method, data, headers });
		expect(answer.ok(), `${method} ${path}: ${await answer.text()}`).toBe(true);
		return (await answer.json()) as T;
	};
	const mine = await ask<{ places: { id: number; name: string }[] }>('GET', '/api/hosting/');
	const place = mine.places.find(({ name }) => name === 'De Stadstuin')?.id;
	const mark = unique();
	const add = async (name: string) => {
		const made = await ask<Thing>('POST', '/api/hosting/resources/', {
			place,
			name: `${name} ${mark}`,
			kind: 'equipment'
		});
		const terms = { min_minutes: 15, max_minutes: 600, step_minutes: 15 };
		await ask('POST', '/api/rules/', { resource: made.id, what: 'length', terms });
		return ask<Thing>('GET', `/api/hosting/resources/${made.id}/`);
	};
	const [whole, lamp, stand] = [await add('Light kit'), await add('Lamp'), await add('Stand')];
	const parts = [{ part: lamp.id }, { part: stand.id }];
	await ask('PUT', `/api/hosting/resources/${whole.id}/parts/`, { parts });
	return { kit: whole, lamp, stand };
}

/** A picture as a camera makes it: larger than what is sent. */
async function picture(page: Page): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
	const drawn = await page.evaluate(() => {
		const canvas = document.createElement('canvas');
		[canvas.width, canvas.height] = [2000, 1000];
		return canvas.toDataURL('image/png').split(',')[1] ?? '';
	});
	return { name: 'lamp.png', mimeType: 'image/png', buffer: Buffer.from(drawn, 'base64') };
}

test('a label lets one in; a kit goes out in part and comes back, photographed at both ends', async ({
	as,
	joins,
	complaints
}) => {
	const host = await as(GUIDE);
	await host.goto('/book/host/today');
	const { kit: whole, lamp, stand } = await kit(host);
	const ada = await joins({ name: 'Ada' });
	const quarter = 15 * 60_000;
	const starts = new Date(Math.ceil(Date.now() / quarter) * quarter);
	const [starts_at, ends_at] = [starts, new Date(starts.getTime() + 8 * quarter)].map((at) => at.toISOString());
	await ada.ask('POST', '/api/bookings/', { resources: [whole.id], starts_at, ends_at });

	const phone = await as(ada.email, PHONE);
	await phone.goto('/book/use');
	await phone.getByLabel('Code on the label').fill('wrong234');
	await phone.getByRole('button', { name: 'Find' }).click();
	await expect(phone.getByText('There is no label with this code.')).toBeVisible();
	expect(complaints.splice(0)).toHaveLength(1);
	await phone.goto(`/book/use?code=${lamp.code}`);
	await phone.getByRole('button', { name: 'I am here' }).click();
	await expect(phone.getByText(/^Here since/).first()).toBeVisible();

	await phone.getByLabel(stand.name).uncheck();
	await phone.getByRole('button', { name: 'I take these' }).click();
	await expect(phone.getByRole('heading', { name: lamp.name })).toBeVisible();
	await expect(phone.getByLabel(stand.name)).toBeChecked();
	await expect(phone.getByRole('heading', { name: stand.name })).toHaveCount(0);

	await phone.getByRole('button', { name: 'Note how it is' }).click();
	const dialog = phone.getByRole('dialog');
	await dialog.getByLabel('Add photos').setInputFiles(await picture(phone));
	await expect(dialog.getByRole('img')).toHaveCount(1);
	await expectAccessible(phone);
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(phone.getByRole('region', { name: `How it was: ${lamp.name}` }).getByRole('img')).toBeVisible();

	const card = host.getByRole('article').filter({ hasText: ada.name });
	await host.reload();
	await expect(card).toContainText(`Taken along: ${lamp.name}`);

	await phone.getByRole('button', { name: `It is back: ${lamp.name}` }).click();
	await phone.getByRole('button', { name: 'Note how it came back' }).click();
	await dialog.getByLabel('Something is broken').check();
	await dialog.getByRole('button', { name: 'Save' }).click();
	await expect(dialog.getByText('Write in a few words what is broken.')).toBeVisible();
	await dialog.getByLabel('In a few words').fill('The switch is loose.');
	await dialog.getByLabel('Add photos').setInputFiles(await picture(phone));
	await dialog.getByRole('button', { name: 'Save' }).click();
	const back = phone.getByRole('region', { name: `How it came back: ${lamp.name}` });
	await expect(back).toContainText('The switch is loose.');
	await expect(back.getByRole('img')).toBeVisible();
	await expectAccessible(phone);

	await phone.getByRole('button', { name: 'I am done' }).click();
	await expect(phone.getByText(/^Done at/)).toBeVisible();
	// The host's page follows by itself.
	await expect(
		host.getByRole('region', { name: 'Done' }).getByRole('article').filter({ hasText: ada.name })
	).toBeVisible();
	await host.goto('/book/host/care');
	await expect(host.getByText(lamp.name)).toBeVisible();
});
