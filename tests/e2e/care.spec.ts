/** Something breaks: whoever sees it says so, its host takes it out of use, and who had booked it hears of it at once. */
import { test, unique } from './people.ts';
import { dayAhead, expect, expectAccessible } from './story.ts';

/** Another day each time, so that telling the story again finds it free. */
const DAY = dayAhead(130 + Math.floor(Math.random() * 30));

test('a damage becomes a repair, and who had booked the thing is told with what is free instead', async ({
	as,
	joins
}) => {
	const ada = await joins({ name: 'Ada' });
	const { results } = await ada.ask<{ results: { id: number; name: string }[] }>(
		'GET',
		'/api/resources/?search=Tripod'
	);
	const tripod = results.find(({ name }) => name === 'Tripod');
	const wish = { resources: [tripod?.id], quantity: 4, starts_at: `${DAY}T10:00`, ends_at: `${DAY}T12:00` };
	await ada.ask('POST', '/api/bookings/', wish);
	const words = `One leg is loose, ${unique()}.`;
	await ada.page.goto('/book/mine');
	await ada.page.getByRole('button', { name: 'Something is broken: Tripod' }).click();
	await ada.page.getByRole('dialog').getByLabel('What is broken?').fill(words);
	await ada.page.getByRole('button', { name: 'Tell the hosts' }).click();
	await expect(ada.page.getByText('Thank you. Whoever looks after it has been told.')).toBeVisible();

	const host = await as('grace@demo.example');
	await host.goto('/book/host/care');
	const card = host.getByRole('listitem').filter({ hasText: words });
	await card.getByRole('button', { name: 'Take it out of use' }).click();
	await host.getByRole('dialog').getByLabel('Last day').fill(DAY);
	await host.getByRole('button', { name: 'See whom it concerns' }).click();
	await expect(host.getByRole('dialog').getByText(ada.name)).toBeVisible();
	await expectAccessible(host);
	await host.getByRole('button', { name: 'End these bookings and take it out of use' }).click();
	await expect(host.getByText('It is out of use, and everybody concerned has been told.')).toBeVisible();

	await expect(ada.page.getByRole('article').filter({ hasText: 'Tripod' })).toContainText('It was taken out of use.');
	await card.getByRole('button', { name: 'It is mended' }).click();
	await expect(host.getByRole('listitem').filter({ hasText: words })).toHaveCount(0);
});
