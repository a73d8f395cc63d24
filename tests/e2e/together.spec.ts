/** On the road together: from an accepted request to a first session in a booked room, with a guide on another clock. */
import { expect, expectAccessible, expectNoSidewaysScroll, PHONE } from './story.ts';
import { test } from './people.ts';

test('a newcomer and a guide in Lisbon agree on a first session in a room that is booked with it', async ({
	as,
	joins
}) => {
	test.setTimeout(90_000);
	const guide = await joins({ name: 'Gil Guia', country: 'PT', city: 'Lisbon', guides: 1, offers: ['bookkeeping'] });
	const mentee = await joins({ name: 'Nina Nieuw', wants: ['bookkeeping'] });
	await guide.ask('PATCH', '/api/me/', { timezone: 'Europe/Lisbon' });
	await mentee.ask('POST', '/api/mentorship-requests/', {
		mentor: guide.id,
		kind: 'sponsorship',
		track: 'economic',
		wishes: [],
		message: 'I would like to look at my first figures with you.'
	});
	const there = await as(guide.email, { ...PHONE, timezoneId: 'Europe/Lisbon' });
	await there.goto('/members/guidance');
	await there.getByRole('button', { name: 'Accept' }).click();
	await there.getByRole('link', { name: 'Plan and write together' }).click();
	await expect(there.getByRole('heading', { level: 1, name: `You guide ${mentee.name}` })).toBeVisible();

	const { page } = mentee;
	await page.goto('/members/guidance');
	await page.getByRole('link', { name: 'Plan and write together' }).click();
	await page.getByRole('button', { name: 'Propose a session' }).click();
	const dialog = page.getByRole('dialog', { name: 'Propose a session' });
	await dialog.getByLabel('Day').selectOption({ index: 1 });
	await expect(dialog.getByText(`For ${guide.name}`)).toBeVisible();
	await dialog.getByLabel('In a room of ours').check();
	await dialog.getByLabel('Room', { exact: true }).selectOption({ index: 1 });
	await expectAccessible(page);
	await dialog.getByRole('button', { name: 'Send the proposal' }).click();
	await expect(page.getByText('Proposed, not answered yet')).toBeVisible();
	await page.goto('/book/mine');
	await expect(page.getByText('Mentorship session').first()).toBeVisible();

	// Heard of at once, on the guide's own clock, and agreed.
	await expect(there.getByText(`For ${mentee.name}`)).toBeVisible();
	await there.getByRole('button', { name: 'I will come' }).click();
	await expect(there.getByText('Agreed', { exact: true })).toBeVisible();
	for (const piece of ['Our agreement', 'My activity', 'Goals', 'To talk about', 'Until next time', 'Notes'])
		await there.locator('summary', { hasText: piece }).click();
	await there.getByLabel('A note').fill('Begin with the figures.');
	await there.getByRole('button', { name: 'Keep the note' }).click();
	await expect(there.getByText('for me alone', { exact: true })).toBeVisible();
	await expectAccessible(there);
	await expectNoSidewaysScroll(there);

	await page.goBack();
	await expect(page.getByText('Agreed', { exact: true })).toBeVisible();
	await page.locator('summary', { hasText: 'Notes' }).click();
	await expect(page.getByLabel('A note')).toBeVisible();
	await expect(page.getByText('Begin with the figures.')).toHaveCount(0);
});
