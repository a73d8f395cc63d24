/** People who look after each other: a circle of five with somebody in line, and a question whose answer calls for help. */
import { GUIDE } from './app.ts';
import { type Person, test, unique } from './people.ts';
import { expect } from './story.ts';

test('a circle of five opens, fills, meets, and a seat that is given back goes to who waits', async ({ joins }) => {
	const host = await joins({ name: 'Hanna' });
	const others: Person[] = [];
	for (const name of ['Bea', 'Cas', 'Dina', 'Ed', 'Fee']) others.push(await joins({ name }));
	const title = `Prices ${unique()}`;
	const { page } = host;
	await page.goto('/members/circles');
	await page.getByRole('button', { name: 'Open a circle' }).click();
	const form = page.getByRole('dialog', { name: 'Open a circle' });
	await form.getByLabel('What it is about').fill(title);
	await form.getByLabel('Seats').selectOption('5');
	await form.getByRole('button', { name: 'Open a circle' }).click();
	await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();

	const address = page.url();
	const id = Number(new URL(address).searchParams.get('id'));
	const [first, ...rest] = others as [Person, ...Person[]];
	const last = rest.at(-1) as Person;
	await first.page.goto('/members/circles');
	await first.page.getByLabel('Search').fill(title);
	await first.page.getByRole('link', { name: title }).click();
	await first.page.getByRole('button', { name: 'Take a seat' }).click();
	await expect(first.page.getByText(`You have a seat in ${title}`)).toBeVisible();
	for (const one of rest.slice(0, -1)) await one.ask('POST', `/api/circles/${id}/join/`);
	await expect(page.getByText('5 of 5 seats taken')).toBeVisible();
	await last.page.goto(address);
	await last.page.getByRole('button', { name: 'Stand in line for a seat' }).click();
	await expect(last.page.getByText('You are number 1 in line for a seat.')).toBeVisible();
	await expect(last.page.getByText(first.name)).toHaveCount(0);

	await page.getByRole('button', { name: 'Plan a meeting' }).click();
	await page.getByRole('dialog').getByLabel('Where').fill('At my kitchen table');
	await page.getByRole('dialog').getByRole('button', { name: 'Plan a meeting' }).click();
	await expect(first.page.getByText('At my kitchen table')).toBeVisible();
	await first.page.getByRole('button', { name: 'Give my seat back' }).click();
	await expect(first.page.getByText(`You have left ${title}`)).toBeVisible();
	// Who waited sees it happen, and reads now who sits there.
	await expect(last.page.getByText('At my kitchen table')).toBeVisible();
	await expect(last.page.getByRole('link', { name: host.name })).toBeVisible();
	await last.page.getByRole('link', { name: 'Open the room' }).click();
	await expect(last.page.getByLabel('Write to everyone here')).toBeVisible();
});

test('who is in difficulty is offered help, and a coordinator reads what is shared and nothing more', async ({
	as,
	joins
}) => {
	const mentor = await joins({ name: 'Mo Gids', guides: 1 });
	const mentee = await joins({ name: 'Lou' });
	const message = 'Would you look at my first offer with me?';
	const asked = { mentor: mentor.id, track: 'economic', message };
	const request = await mentee.ask<{ id: number }>('POST', '/api/mentorship-requests/', asked);
	const { mentorship } = await mentor.ask<{ mentorship: number }>(
		'POST',
		`/api/mentorship-requests/${request.id}/accept/`
	);
	await mentor.ask('POST', `/api/mentorships/${mentorship}/close/`, {});

	const { page } = mentee;
	await page.goto('/members/guidance');
	const question = page.getByRole('listitem').filter({ hasText: `How is it going with ${mentor.name}?` });
	await question.getByRole('button', { name: 'Answer' }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByRole('radio', { name: 'Not so well' }).check();
	await dialog.getByRole('radio', { name: 'Understanding each other better' }).check();
	await dialog.getByRole('button', { name: 'Send my answer' }).click();
	await expect(dialog.getByRole('heading', { name: 'That sounds difficult' })).toBeVisible();
	const words = `We talk past each other ${unique()}`;
	await dialog.getByLabel('What you want to say').fill(words);
	await dialog.getByLabel('Share my two answers').check();
	await dialog.getByRole('button', { name: 'Ask for help' }).click();
	await expect(page.getByText('Your call for help has been sent.')).toBeVisible();
	await expect(question).toHaveCount(0);

	const coordinator = await as(GUIDE);
	await coordinator.goto('/members/calls');
	const call = coordinator.getByRole('listitem').filter({ hasText: words });
	await expect(call.getByText('Going: Not so well. Would help: Understanding each other better.')).toBeVisible();
	await expect(call.getByText(mentor.name)).toHaveCount(0);
	await call.getByRole('button', { name: 'I look after it' }).click();
	await call.getByRole('link', { name: 'Open the room' }).click();
	await expect(coordinator.getByRole('heading', { name: mentee.name })).toBeVisible();
	await page.goto('/members/calls');
	await expect(page.getByText('Grace Verbeke looks after it.')).toBeVisible();
	// The other one of the two sees nothing of it.
	await mentor.page.goto('/members/calls');
	await expect(mentor.page.getByText('Nobody asks for help right now.')).toBeVisible();
	await expect(mentor.page.getByText(words)).toHaveCount(0);
});
