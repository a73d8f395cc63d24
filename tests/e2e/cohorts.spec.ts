/** A coordinator has the pairs of a programme worked out, reads how good they are, and asks for two to be kept apart. */
import { GUIDE } from './app.ts';
import { expect, expectAccessible, test } from './story.ts';

test('a coordinator has a cohort worked out and reads how good it is', async ({ as }) => {
	test.setTimeout(90_000);
	const page = await as(GUIDE);
	await page.goto('/members/guidance');
	await page.getByRole('region', { name: 'Programmes that you coordinate' }).getByRole('link').first().click();
	await page.getByLabel('What matters most').selectOption('Nobody far below the others');
	await page.getByRole('button', { name: 'Work out the pairs' }).click();

	const runs = page.getByRole('region', { name: 'Runs so far' });
	const run = runs.getByRole('listitem').filter({ hasText: 'Nobody far below the others' }).first();
	await expect(run.getByText('ready to look at')).toBeVisible({
		timeout: 30_000
	});
	await run.getByRole('link').click();

	const quality = page.getByRole('region', { name: 'How good it is' });
	await expect(quality.getByRole('columnheader')).toHaveText([
		'Measure',
		'This result',
		'Largest total',
		'Best pair first',
		'By lot'
	]);
	const matched = quality.getByRole('row', { name: /^Members with a guide/ }).getByRole('cell');
	const [ours, , greedy, lots] = (await matched.allInnerTexts()).map(Number);
	expect(ours).toBeGreaterThan(0);
	expect(ours).toBeGreaterThanOrEqual(Math.max(greedy ?? NaN, lots ?? NaN));
	await expectAccessible(page);

	const record = page.waitForEvent('download');
	await page.getByText('How it was decided').click();
	await page.getByRole('link', { name: 'Everything, to check it yourself' }).click();
	expect(await (await record).failure()).toBeNull();

	const pair = page.getByRole('region', { name: 'Pairs' }).getByRole('listitem').first();
	const names = await pair.getByRole('heading').innerText();
	await pair.getByRole('button', { name: 'Keep apart' }).click();
	await expect(page.getByText(/stay apart in the next run/)).toBeVisible();
	await page.goBack();
	const [mentor = '', mentee = ''] = names.split(' guides ');
	const demands = page.getByRole('region', {
		name: 'Demands for the next run'
	});
	const demand = demands.getByRole('listitem').filter({ hasText: `${mentor} does not guide ${mentee}` });
	await demand.getByRole('button').click();
	await expect(demand).toHaveCount(0);
});
