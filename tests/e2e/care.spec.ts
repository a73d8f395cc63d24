/** Something breaks: whoever sees it says so, its host takes it out of use, and who had booked it hears of it at once. */
import { type Person, test, unique } from './people.ts';
import { dayAhead, expect, expectAccessible } from './story.ts';

/** All four tripods on a day on which their place is open: another each time, so that telling the story again finds them free. */
async function tripods(person: Person): Promise<{ tripod: number; day: string }> {
	for (let ahead = 130 + Math.floor(Math.random() * 30); ; ahead++) {
		const day = dayAhead(ahead);
		const free = `free_from=${day}T10:00&free_until=${day}T12:00&quantity=4`;
		const { results } = await person.ask<Found>('GET', `/api/resources/?search=Tripod&${free}`);
		const tripod = results.find(({ name }) => name === 'Tripod');
		if (tripod) return { tripod: tripod.id, day };
	}
}
type Found = { results: { id: number; name: string }[] };

test('a damage becomes a repair, and who had booked the thing is told with what is free instead', async ({
	as,
	joins
}) => {
	const ada = await joins({ name: 'Ada' });
	const { tripod, day } = await tripods(ada);
	const wish = { resources: [tripod], quantity: 4, starts_at: `${day}T10:00`, ends_at: `${day}T12:00` };
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
	await host.getByRole('dialog').getByLabel('Last day').fill(day);
	await host.getByRole('button', { name: 'See whom it concerns' }).click();
	await expect(host.getByRole('dialog').getByText(ada.name)).toBeVisible();
	await expectAccessible(host);
	await host.getByRole('button', { name: 'End these bookings and take it out of use' }).click();
	await expect(host.getByText('It is out of use, and everybody concerned has been told.')).toBeVisible();

	await expect(ada.page.getByRole('article').filter({ hasText: 'Tripod' })).toContainText('It was taken out of use.');
	await card.getByRole('button', { name: 'It is mended' }).click();
	await expect(host.getByRole('listitem').filter({ hasText: words })).toHaveCount(0);
});
