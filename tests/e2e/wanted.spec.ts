/** A call for collaborators: it finds whom it fits, is answered, and they come together in a collective. */
import { expect } from './story.ts';
import { test, unique } from './people.ts';

test('two find each other by a call, talk, and come together in a collective', async ({ joins }) => {
	const author = await joins({ name: 'Roos' });
	const maker = await joins({ name: 'Théo', country: 'FR', city: 'Lyon' });
	// A skill that nobody else has: nobody else is told of the call.
	const craft = `lantern making ${unique()}`;
	const { id } = await maker.ask<{ id: number }>('POST', '/api/skills/', { name: craft });
	await maker.ask('PATCH', '/api/me/', { offers: [{ skill: id, level: 4 }] });
	const title = `A parade of lanterns ${unique()}`;

	const { page } = author;
	await page.goto('/members/wanted');
	await page.getByRole('link', { name: 'Write a call' }).click();
	await page.getByLabel('Title').fill(title);
	await page.getByLabel('What it is about').fill('Forty lanterns for one night in June.');
	await page.getByRole('combobox', { name: 'Add a skill' }).fill(craft);
	await page.getByRole('option', { name: craft, exact: true }).click();
	await page.getByRole('button', { name: 'Publish the call' }).click();
	await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
	await expect(page.getByText('Nobody has answered yet.')).toBeVisible();

	// It is suggested to whom it fits, with the reason, and one says yes.
	await maker.page.goto('/members/wanted');
	const fits = maker.page.getByRole('region', { name: 'Fits you' });
	await expect(fits.getByText(`You offer ${craft}.`)).toBeVisible();
	await fits.getByRole('link', { name: title }).click();
	await maker.page.getByRole('button', { name: 'Answer the call' }).click();
	const answer = maker.page.getByRole('dialog');
	await answer.getByLabel('In your words').fill('I have made lanterns for ten years.');
	await answer.getByRole('button', { name: 'Send the answer' }).click();
	await expect(maker.page.getByText('You have answered')).toBeVisible();

	// The open page of who called hears of it.
	await expect(page.getByText('I have made lanterns for ten years.')).toBeVisible();
	await page.getByRole('button', { name: 'Take in' }).click();
	await expect(page.getByText('everyone is found')).toBeVisible();
	await expect(maker.page.getByRole('link', { name: 'Talk about it' })).toBeVisible();

	await page.getByRole('button', { name: 'Come together in a collective' }).click();
	const gathering = page.getByRole('dialog');
	const name = `Lanterns ${unique()}`;
	await gathering.getByLabel('Name').fill(name);
	await gathering.getByRole('button', { name: 'Invite them' }).click();
	await expect(page.getByRole('link', { name })).toBeVisible();
	// Whoever was taken in finds the way there, and joins.
	await maker.page.getByRole('link', { name }).click();
	await maker.page.getByRole('button', { name: 'Join' }).click();
	await expect(maker.page.getByText(`Welcome in ${name}`)).toBeVisible();
});
