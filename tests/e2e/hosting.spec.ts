/** A host sets a rule in their own words, and who breaks it reads them. */
import { GUIDE } from './app.ts';
import { test } from './people.ts';
import { expect } from './story.ts';

const DAY = new Date(Date.now() + 20 * 86_400_000);
while (DAY.getUTCDay() !== 3) DAY.setUTCDate(DAY.getUTCDate() + 1);

test('a host sets a rule and the refusal shows its words', async ({ joins, as }) => {
	const host = await as(GUIDE);
	await host.goto('/book/host');
	await host.getByRole('link', { name: 'Harbour room', exact: true }).click();
	await host.getByLabel('Which rule').selectOption('quota');
	await host.getByLabel('How many').fill('0');
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
