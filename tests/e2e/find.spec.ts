/** Finding what one needs: near where one is, by what it has, what a collective may book, and when it is free first. */
import { GUIDE } from './app.ts';
import { test, unique } from './people.ts';
import { expect, expectAccessible } from './story.ts';

const FOUND = 'Meeting room Deûle';

test('one looks near oneself, by what a thing has, for a collective, and for the first free time', async ({
	as,
	joins
}) => {
	const ada = await joins({ name: 'Ada' });
	const collective = await ada.ask<{ id: number; name: string }>('POST', '/api/collectives/', {
		name: `Film ${unique()}`,
		purpose: 'Short films.'
	});
	const host = await as(GUIDE);
	const { page } = ada;
	await page.context().grantPermissions(['geolocation']);
	await page.context().setGeolocation({ latitude: 50.63, longitude: 3.06 });
	const thing = (name: string) => page.getByRole('button', { name, exact: true });

	await page.goto('/book');
	await page.getByText('Nearby, and what it has').click();
	await page.getByRole('button', { name: 'Near where I am' }).click();
	await expect(page.getByText('Near where you are.')).toBeVisible();
	await expect(thing(FOUND)).toBeVisible();
	await expect(thing('Harbour room')).toHaveCount(0);
	await page.getByRole('checkbox', { name: 'Stage light' }).check();
	await expect(thing(FOUND)).toHaveCount(0);
	await expect(thing('Stage')).toBeVisible();
	await expectAccessible(page);

	// Only this collective may have the camera.
	const answer = await host.context().request.get('/api/resources/?search=Camera%20kit%20B');
	const cameras = ((await answer.json()) as { results: { id: number; name: string }[] }).results;
	const camera = cameras.find(({ name }) => name === 'Camera kit B');
	const headers = {
		'X-CSRFToken': (await host.context().cookies()).find(({ name }) => name === 'csrftoken')?.value ?? '',
		Referer: host.url()
	};
	const rule = await host.context().request.post('/api/rules/', {
		data: { resource: camera?.id, what: 'who', terms: { collectives: [collective.id] } },
		headers
	});
	expect(rule.status()).toBe(201);
	await page.goto('/book');
	await page.getByRole('searchbox').fill('Camera kit');
	await page.getByText('Nearby, and what it has').click();
	const whose = page.getByLabel('What may be booked');
	await whose.selectOption('Only what I may book');
	await expect(thing('Camera kit A')).toBeVisible();
	await expect(thing('Camera kit B')).toHaveCount(0);
	await whose.selectOption(`Only what ${collective.name} may book`);
	await expect(thing('Camera kit B')).toBeVisible();
	await host.context().request.delete(`/api/rules/${((await rule.json()) as { id: number }).id}/`, { headers });

	await page.goto('/book');
	await page.getByRole('searchbox').fill('Deûle');
	await expect(thing('Harbour room')).toHaveCount(0);
	await expect(thing(FOUND)).toBeVisible();
	await page.getByText('When is it free first?').click();
	await page.getByRole('button', { name: 'Find the first free times' }).click();
	const first = page.getByRole('region', { name: 'The first free times' }).getByRole('listitem');
	await expect(first).toContainText(FOUND);
	await first.getByRole('button').click();
	await page.getByRole('dialog').getByRole('button', { name: 'Save booking' }).click();
	await expect(page.getByText('Booking saved')).toBeVisible();
	const { results } = await ada.ask<{ results: { starts_at: string; ends_at: string }[] }>('GET', '/api/bookings/');
	const [made] = results;
	expect(Date.parse(made?.ends_at ?? '') - Date.parse(made?.starts_at ?? '')).toBe(2 * 3_600_000);
});
