/** Three people from three countries form a collective from a call, book a van, decide how it is booked, and the next booking finds the rule. */
import type { Page } from '@playwright/test';

import { type Person, test, unique } from './people.ts';
import { dayAhead, expect } from './story.ts';

interface Named {
	id: number;
	name: string;
}
interface Slot {
	day: string;
	from: string;
	until: string;
}

const dialog = (page: Page) => page.getByRole('dialog');

/** Two hours on one day, and the hour that they begin with, on the clock of the place: when the van is free in three days or later. */
async function freeHours(person: Person, van: number): Promise<Slot & { hour: string }> {
	const from = dayAhead(3);
	const path = `/api/resources/first-free/?resource=${van}&minutes=120&from=${from}T00:00:00Z`;
	const { found } = await person.ask<{ found: { starts_at: string }[] }>('GET', path);
	const { place } = await person.ask<{ place: { timezone: string } }>('GET', `/api/resources/${van}/`);
	const start = Date.parse(found[0]?.starts_at ?? '');
	const local = (hours: number) =>
		new Intl.DateTimeFormat('sv-SE', { timeZone: place.timezone, dateStyle: 'short', timeStyle: 'short' }).format(
			start + hours * 3_600_000
		);
	const [day = '', begin = ''] = local(0).split(' ');
	return { day, from: begin, until: local(2).slice(11), hour: local(1).slice(11) };
}

/** A call for two; both answer, and are asked into a collective, which they join. */
async function comeTogether(ada: Person, guests: Person[]): Promise<Named> {
	// A skill that nobody else has: nobody else is told of the call.
	const { id: skill } = await ada.ask<Named>('POST', '/api/skills/', { name: `van sharing ${unique()}` });
	const skills = [{ skill, level: 1, people: guests.length }];
	const open_until = dayAhead(30);
	const wish = { title: `A van for three ${unique()}`, text: 'We share it.', is_remote: true, skills, open_until };
	const { id } = await ada.ask<Named>('POST', '/api/calls/', wish);
	const message = 'I would share it with you.';
	for (const guest of guests) await guest.ask('POST', `/api/calls/${id}/answer/`, { skill, message });
	const { answers } = await ada.ask<{ answers: Named[] }>('GET', `/api/calls/${id}/`);
	for (const one of answers) await ada.ask('POST', `/api/calls/${id}/accept/`, { answer: one.id });

	const name = `Fourgon ${unique()}`;
	await ada.page.goto(`/members/wanted/call?id=${id}`);
	await ada.page.getByRole('button', { name: 'Come together in a collective' }).click();
	await dialog(ada.page).getByLabel('Name').fill(name);
	await dialog(ada.page).getByRole('button', { name: 'Invite them' }).click();
	await expect(ada.page.getByRole('link', { name })).toBeVisible();
	const { formed } = await ada.ask<{ formed: Named }>('GET', `/api/calls/${id}/`);
	for (const guest of guests) await guest.ask('POST', `/api/collectives/${formed.id}/accept/`, {});
	return formed;
}

/** Two hours of the van, not saved yet. */
async function choose(page: Page, slot: Slot): Promise<void> {
	await page.getByRole('button', { name: 'Book it' }).click();
	await dialog(page).getByLabel('First day').fill(slot.day);
	await dialog(page).getByLabel('Last day').fill(slot.day);
	await dialog(page).getByLabel('From', { exact: true }).selectOption(slot.from);
	await dialog(page).getByLabel('Until', { exact: true }).selectOption(slot.until);
}

async function vote(page: Page, id: number): Promise<void> {
	await page.goto(`/members/decision?id=${id}`);
	await page.getByRole('radio', { name: 'I consent' }).check();
	await page.getByRole('button', { name: 'Vote', exact: true }).click();
	await expect(page.getByText('Your vote counts. You can change it until the end.')).toBeVisible();
}

test('three from three countries come together by a call, book a van, decide its rule, and the next booking finds it', async ({
	joins
}) => {
	test.setTimeout(120_000);
	const ada = await joins({ name: 'Ada', country: 'BE', city: 'Ghent' });
	const bram = await joins({ name: 'Bram', country: 'NL', city: 'Utrecht' });
	const cleo = await joins({ name: 'Cleo', country: 'FR', city: 'Lille' });
	const collective = await comeTogether(ada, [bram, cleo]);
	const { shared_at: places } = await ada.ask<{ shared_at: Named[] }>('GET', '/api/hosting/');
	const wish = { name: `Van ${unique()}`, kind: 'equipment', place: places[0]?.id, owner_collective: collective.id };
	const van = await ada.ask<Named>('POST', '/api/hosting/resources/', wish);
	await bram.page.goto(`/book/thing?id=${van.id}`);
	await choose(bram.page, await freeHours(bram, van.id));
	await dialog(bram.page).getByLabel('For whom').selectOption(collective.name);
	await dialog(bram.page).getByRole('button', { name: 'Save booking' }).click();
	await expect(bram.page.getByText('Booking saved')).toBeVisible();

	// Bram has two more hours in mind, and is called away before saving them.
	const slot = await freeHours(bram, van.id);
	await choose(bram.page, slot);

	const { page } = ada;
	await page.goto(`/members/decisions?collective=${collective.id}`);
	await page.getByRole('button', { name: 'Propose something' }).click();
	await dialog(page).getByLabel('What do you propose?').fill('An hour at a time');
	await dialog(page).getByLabel('Add', { exact: true }).selectOption('booking_rule');
	await dialog(page).getByLabel('Of what is ours').selectOption(van.name);
	await dialog(page).getByLabel('Which rule').selectOption('length');
	await dialog(page).getByLabel('At most: unit').selectOption('hours');
	await dialog(page).getByRole('button', { name: 'Add this' }).click();
	await dialog(page).getByRole('button', { name: 'Save the draft' }).click();
	await page.getByRole('button', { name: 'Show it to everyone' }).click();
	await expect(page.getByText('From 30 minutes to 1 hour')).toBeVisible();
	await page.getByRole('button', { name: 'Begin the vote' }).click();
	await dialog(page).getByRole('button', { name: 'Begin the vote' }).click();
	await expect(page.getByText('Being voted on')).toBeVisible();
	const id = Number(new URL(page.url()).searchParams.get('id'));
	const elsewhere = await bram.page.context().newPage();
	await vote(elsewhere, id);
	await vote(cleo.page, id);
	await expect(page.getByRole('button', { name: 'Count now' })).toHaveCount(0);
	await vote(page, id);
	await page.getByRole('button', { name: 'Count now' }).click();
	// The worker counts; how soon depends on what else it has to do.
	await expect(page.getByText('Decided', { exact: true })).toBeVisible({ timeout: 30_000 });
	await expect(page.getByText('A booking rule · done')).toBeVisible({ timeout: 30_000 });

	await dialog(bram.page).getByRole('button', { name: 'Save booking' }).click();
	await expect(dialog(bram.page).getByText('Book 1 hour at most.')).toBeVisible();
	await dialog(bram.page).getByLabel('Until', { exact: true }).selectOption(slot.hour);
	await dialog(bram.page).getByRole('button', { name: 'Save booking' }).click();
	await expect(bram.page.getByText('Booking saved')).toBeVisible();
	await bram.page.reload();
	await bram.page.getByRole('link', { name: `Decided by ${collective.name} on` }).click();
	await expect(bram.page.getByRole('heading', { level: 1, name: 'An hour at a time' })).toBeVisible();

	// Where everyone is asked, Cleo recommends it for the three.
	const { results: asked } = await cleo.ask<{ results: Named[] }>('GET', '/api/consultations/?state=collecting');
	await cleo.page.goto(`/members/consultation?id=${asked[0]?.id}`);
	await cleo.page.getByLabel('What do you recommend?').fill('That whoever shares a van decides its rules.');
	await cleo.page.getByLabel('For whom?').selectOption(collective.name);
	await cleo.page.getByRole('button', { name: 'Hand it in' }).click();
	await expect(cleo.page.getByText('Handed in. Others can support it now.')).toBeVisible();
	const said = cleo.page.getByRole('listitem').filter({ hasText: 'That whoever shares a van decides its rules.' });
	await expect(said).toContainText(`for ${collective.name}`);
});
