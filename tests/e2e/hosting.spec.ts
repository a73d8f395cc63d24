/** A host sets a rule in their own words, and who breaks it reads them. */
import { GUIDE } from './app.ts';
import { png } from './pictures.ts';
import { test, unique } from './people.ts';
import { expect, expectAccessible } from './story.ts';

const DAY = new Date(Date.now() + 20 * 86_400_000);
while (DAY.getUTCDay() !== 3) DAY.setUTCDate(DAY.getUTCDate() + 1);

test('a host sets a rule and the refusal shows its words', async ({ joins, as }) => {
	const host = await as(GUIDE);
	await host.goto('/book/host');
	await host.getByRole('link', { name: 'Harbour room', exact: true }).click();
	await host.getByLabel('Which rule').selectOption('quota');
	await host.getByLabel('How many', { exact: true }).fill('0');
	await host.getByLabel('Why, in your words').fill('So that everybody finds a week free.');
	await host.getByRole('button', { name: 'Set this rule' }).click();
	await expect(host.getByText('At most 0 bookings, each member, each week', { exact: true })).toBeVisible();

	const { page } = await joins({ name: 'Ada' });
	await page.goto('/book');
	await page.getByRole('searchbox').fill('Harbour');
	await page.getByLabel('Day', { exact: true }).fill(DAY.toISOString().slice(0, 10));
	await page.getByRole('button', { name: 'Harbour room' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Save booking' }).click();
	await expect(page.getByRole('dialog').getByText(/So that everybody finds a week free/)).toBeVisible();

	await host
		.getByRole('button', {
			name: /^Remove this rule: At most 0 bookings/
		})
		.click();
	await expect(host.getByText('The rule no longer counts.')).toBeVisible();
});

test('a host adds a thing with a photo and a rule, has fewer of it, and sees whom that concerns', async ({
	as,
	joins
}) => {
	const name = `Easel ${unique()}`;
	const host = await as(GUIDE);
	await host.goto('/book/host');
	await host.getByRole('link', { name: 'Add a thing' }).click();
	await host.getByLabel('Name', { exact: true }).fill(name);
	await host.getByLabel('How many there are').fill('3');
	await host.getByRole('button', { name: 'Add a thing' }).click();
	await expect(host.getByRole('heading', { level: 1, name })).toBeVisible();

	await host.getByRole('heading', { name: 'Photos', exact: true }).click();
	await host.getByLabel('Choose a photo').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: png(64) });
	await expect(host.getByRole('img', { name: 'The photo that stands for it' })).toBeVisible();
	await host.getByLabel('Which rule').selectOption('ahead');
	await host.getByLabel('How many days ahead').fill('60');
	await host.getByRole('button', { name: 'Set this rule' }).click();
	await expect(host.getByText('Booked at most 60 days ahead')).toBeVisible();
	await expectAccessible(host);

	const ada = await joins({ name: 'Ada' });
	const things = await ada.ask<{ results: { id: number }[] }>('GET', `/api/resources/?search=${name.split(' ')[1]}`);
	const day = DAY.toISOString().slice(0, 10);
	const wish = { resources: [things.results[0]?.id], quantity: 2, starts_at: `${day}T10:00`, ends_at: `${day}T12:00` };
	await ada.ask('POST', '/api/bookings/', wish);

	await host.getByRole('heading', { name: 'How many there are' }).click();
	await host.getByRole('spinbutton', { name: 'How many there are' }).fill('1');
	await host.getByRole('button', { name: 'Save the number' }).click();
	const whom = host.getByRole('group', { name: 'Whom it concerns' });
	await expect(whom.getByText(ada.name)).toBeVisible();
	await whom.getByRole('button', { name: 'End these bookings and save the number' }).click();
	await expect(host.getByText('Saved, and everybody concerned has been told.')).toBeVisible();
});

test('who is refused asks, and a host lets them off the rule from there', async ({ as, joins }) => {
	const host = await as(GUIDE);
	const ada = await joins({ name: 'Ada' });
	await host.goto('/book/host');
	await host.getByRole('link', { name: 'Sewing workshop', exact: true }).click();
	await host.getByLabel('How many', { exact: true }).fill('0');
	await host.getByRole('button', { name: 'Set this rule' }).click();
	await expect(host.getByText('At most 0 bookings, each member, each week', { exact: true })).toBeVisible();

	await ada.page.goto('/book');
	await ada.page.getByRole('searchbox').fill('Sewing');
	await ada.page.getByLabel('Day', { exact: true }).fill(DAY.toISOString().slice(0, 10));
	await ada.page.getByRole('button', { name: 'Sewing workshop' }).click();
	const dialog = ada.page.getByRole('dialog');
	await dialog.getByRole('button', { name: 'Save booking' }).click();
	await dialog.getByRole('button', { name: /^Ask Grace .* for an exception$/ }).click();
	await expect(ada.page.getByText(/has been asked\.$/)).toBeVisible();

	await host.goto('/chats');
	await host.getByRole('list', { name: 'My rooms' }).getByRole('link', { name: ada.name }).click();
	const asked = host.getByRole('log').getByText(/book\/host\/exceptions\?rule=\d+&member=\d+/);
	const address = /\/book\/host\/exceptions\S+/.exec((await asked.first().textContent()) ?? '')?.[0] ?? '';
	await host.goto(address);
	await expect(host.getByRole('button', { name: `Remove ${ada.name}` })).toBeVisible();
	await expectAccessible(host);
	await host.getByRole('button', { name: 'Make an exception' }).click();
	await expect(host.getByText('The rule does not count for them now.')).toBeVisible();

	await dialog.getByRole('button', { name: 'Save booking' }).click();
	await expect(ada.page.getByText('Booking saved')).toBeVisible();
	await host.goBack();
	await host.goto('/book/host');
	await host.getByRole('link', { name: 'Sewing workshop', exact: true }).click();
	await host.getByRole('button', { name: /^Remove this rule: At most 0 bookings/ }).click();
	await expect(host.getByText('The rule no longer counts.')).toBeVisible();
});
