/** A collective: founded, joined by invitation, left; its room opens and closes with it. */
import { expect } from './story.ts';
import { type Person, test, unique } from './people.ts';

async function found({ page }: Person, name: string): Promise<void> {
	await page.goto('/members/collectives');
	await page.getByRole('button', { name: 'Start a collective' }).click();
	const dialog = page.getByRole('dialog', { name: 'Start a collective' });
	await dialog.getByLabel('Name').fill(name);
	await dialog.getByLabel('What you do together').fill('Bind books and print posters.');
	await dialog.getByRole('button', { name: 'Start a collective' }).click();
	await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

async function invite({ page }: Person, guest: Person): Promise<void> {
	await page.getByRole('button', { name: 'Invite someone' }).click();
	const dialog = page.getByRole('dialog', { name: 'Invite someone' });
	await dialog.getByRole('combobox', { name: 'Whom?' }).fill(guest.name);
	await dialog.getByRole('option', { name: guest.name }).first().click();
	await expect(page.getByText(`${guest.name} is invited`)).toBeVisible();
}

test('a collective is founded, joined and left, and who leaves is out of its room at once', async ({ joins }) => {
	const steward = await joins({ name: 'Stien' });
	const guest = await joins({ name: 'Gust' });
	const name = `Atelier ${unique()}`;
	await found(steward, name);
	await guest.page.goto('/');
	await invite(steward, guest);

	await expect(guest.page.getByRole('link', { name: 'News for you: 1 new' })).toBeVisible();
	await guest.page.getByRole('link', { name: 'News for you: 1 new' }).click();
	await guest.page.getByRole('link', { name: `${steward.name} invites you to ${name}.` }).click();
	await guest.page.getByRole('button', { name: 'Join' }).click();
	await expect(guest.page.getByText(`Welcome in ${name}`)).toBeVisible();
	// The steward's open page hears of it.
	const row = steward.page.getByRole('listitem').filter({ hasText: guest.name });
	await expect(row.getByText('invited', { exact: false })).toHaveCount(0);
	await expect(row).toBeVisible();

	// One window of the guest stays in the room while another leaves the collective.
	const second = await guest.page.context().newPage();
	await second.goto(guest.page.url());
	await guest.page.getByRole('link', { name: 'Open the room' }).click();
	await expect(guest.page.getByText('Connected', { exact: true })).toBeVisible();
	await steward.page.getByRole('link', { name: 'Open the room' }).click();
	await steward.page.getByLabel('Write to everyone here').fill('Welcome to our bindery!');
	await steward.page.getByRole('button', { name: 'Send' }).click();
	await expect(guest.page.getByRole('log').getByText('Welcome to our bindery!')).toBeVisible();

	await second.getByRole('button', { name: 'Leave the collective' }).click();
	await second.getByRole('dialog').getByRole('button', { name: 'Leave the collective' }).click();
	await expect(second.getByText(`You have left ${name}`)).toBeVisible();
	await expect(guest.page.getByText('You are no longer in this room.')).toBeVisible();
	await expect(guest.page.getByLabel('Write to everyone here')).toHaveCount(0);
	await steward.page.getByLabel('Write to everyone here').fill('Only for those who stayed.');
	await steward.page.getByRole('button', { name: 'Send' }).click();
	await expect(steward.page.getByRole('log').getByText('Only for those who stayed.')).toBeVisible();
	await expect(steward.page.getByText('waiting to be sent')).toHaveCount(0);
	await expect(guest.page.getByText('Only for those who stayed.')).toHaveCount(0);
});

test('the last steward cannot leave the others alone, and reads why', async ({ joins }) => {
	const steward = await joins({ name: 'Rik' });
	const guest = await joins({ name: 'Ans' });
	await found(steward, `Drukkerij ${unique()}`);
	await invite(steward, guest);
	const id = Number(new URL(steward.page.url()).searchParams.get('id'));
	await guest.ask('POST', `/api/collectives/${id}/accept/`);
	await steward.page.getByRole('button', { name: 'Leave the collective' }).click();
	await steward.page.getByRole('dialog').getByRole('button', { name: 'Leave the collective' }).click();
	await expect(
		steward.page.getByRole('alert').filter({ hasText: 'Name another steward first.' }).first()
	).toBeVisible();
});
