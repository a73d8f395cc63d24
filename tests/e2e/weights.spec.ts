/** How points are counted is there for everyone to read; whoever looks after a programme changes it, and the old way is kept. */
import type { Locator } from '@playwright/test';

import { GUIDE } from './app.ts';
import { cohortOf, test } from './people.ts';
import { expect, expectAccessible } from './story.ts';

test('a coordinator lets something else count, and every member reads it', async ({ as, joins }) => {
	const page = await as(GUIDE);
	const { programme } = await cohortOf(page);
	await page.goto(`/members/weights?programme=${programme}`);
	const row = page
		.getByRole('table')
		.first()
		.getByRole('row', { name: /^Free hours in common/ });
	await expect(row.getByRole('cell')).toHaveText('100');
	await page.getByLabel('Free hours in common').fill('200');
	await expect(page.getByText('1100 of 1000 points are given.')).toBeVisible();
	await page.getByRole('button', { name: 'Count like this from now on' }).click();
	await expect(page.getByRole('alert')).toHaveText('The points of all parts come to 1,000.');
	await page.getByLabel('They offer what I want help with').fill('400');
	await page.getByRole('button', { name: 'Count like this from now on' }).click();
	await expect(row.getByRole('cell')).toHaveText('200');
	await expectAccessible(page);

	const member = await joins({ name: 'Lena Liest' });
	await member.page.goto(`/members/weights?programme=${programme}`);
	await expect(
		member.page
			.getByRole('table')
			.first()
			.getByRole('row', { name: /^Free hours/ })
	).toContainText('200');
	await expect(member.page.getByRole('button', { name: 'Count like this from now on' })).toHaveCount(0);
	await member.page.getByText('as it was at first').click();
	const before = member.page.getByRole('region', { name: 'Earlier versions' }).getByRole('table');
	await expect(before.getByRole('row', { name: /^Free hours/ })).toContainText('100');
});

test('what members chose speaks for other weights, and they count once a coordinator says so', async ({ as }) => {
	const page = await as(GUIDE);
	await page.goto('/members/weights');
	await page.getByLabel('In', { exact: true }).selectOption({ label: 'Premiers pas' });
	const counted = page.getByRole('table').first();
	const hours = (table: Locator) =>
		table
			.getByRole('row', { name: /^Free hours in common/ })
			.getByRole('cell')
			.first();
	await expect(hours(counted)).toHaveText('100');
	const learnt = page.getByRole('region', { name: 'Learning from choices' });
	await learnt.getByRole('button', { name: 'Look what choices say' }).click();
	await expect(learnt.getByText(/^Learnt from \d+ lists/)).toBeVisible();
	await expect(hours(learnt.getByRole('table'))).not.toHaveText('100');
	const points = (await hours(learnt.getByRole('table')).textContent()) ?? '';
	await expectAccessible(page);
	await learnt.getByRole('button', { name: 'Leave them as they are' }).click();
	await expect(learnt.getByRole('table')).toHaveCount(0);
	await expect(hours(counted)).toHaveText('100');

	await learnt.getByRole('button', { name: 'Look what choices say' }).click();
	await learnt.getByRole('button', { name: 'Approve these weights' }).click();
	await expect(hours(counted)).toHaveText(points);
	await learnt.getByRole('button', { name: 'Look what choices say' }).click();
	await expect(learnt.getByRole('alert')).toHaveText(/do not speak for other weights/);
	await expectAccessible(page);
});

test('a guide reads whom they could help, and why', async ({ joins }) => {
	const guide = await joins({
		name: 'Hanne Helpt',
		guides: 2,
		offers: ['bookkeeping'],
		speaks: { en: 6, nl: 7 }
	});
	const mentee = await joins({
		name: 'Zita Zoekt',
		wants: ['bookkeeping'],
		speaks: { en: 6, nl: 7 }
	});
	await guide.page.goto('/members/helping');
	await expect(guide.page.getByText('You have 2 open places.')).toBeVisible();
	const card = guide.page.getByRole('listitem').filter({ has: guide.page.getByRole('heading', { name: mentee.name }) });
	await expect(card.getByText(/Looks for help with bookkeeping, which you offer/).first()).toBeVisible();
	await expectAccessible(guide.page);
	await card.getByRole('button', { name: 'Not for me' }).click();
	await guide.page.getByRole('dialog').getByRole('button', { name: 'Suggest no more' }).click();
	await expect(card).toHaveCount(0);
});
