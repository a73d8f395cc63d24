/** A coordinator begins a programme, has its pairs worked out, reads how good they are and why, and proposes them. */
import { GUIDE } from './app.ts';
import { test, unique } from './people.ts';
import { expect, expectAccessible } from './story.ts';

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

test("a coordinator's cohort goes from wishes to pairs that are proposed, and members read how it was decided", async ({
	as,
	joins
}) => {
	test.setTimeout(120_000);
	const guide = await joins({ name: 'Wilma', offers: ['bookkeeping'], guides: 2 });
	const other = await joins({ name: 'Otto', offers: ['bookkeeping'], guides: 2 });
	const member = await joins({ name: 'Nora', wants: ['bookkeeping'] });
	const page = await as(GUIDE);
	await page.goto('/members/guidance');
	await page.getByRole('link', { name: 'Begin a programme' }).click();
	const title = `Zusammen ${unique()}`;
	await page.getByLabel('Name', { exact: true }).fill(title);
	await page.getByLabel('Nobody is paired below so many points').fill('0');
	await page.getByRole('button', { name: 'Add a question' }).click();
	await page.getByLabel('Question 1', { exact: true }).fill('What for?');
	await page.getByRole('button', { name: 'Begin a programme' }).click();
	await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
	await page.getByRole('button', { name: 'Open for joining' }).click();
	await expect(page.getByText('open for joining', { exact: true })).toBeVisible();
	const programme = Number(new URL(page.url()).searchParams.get('id'));

	// Both guides come with a table: a wrong line is named and nothing changes; then all of it is read.
	await page.getByRole('link', { name: 'Who takes part' }).click();
	// The page before has a table, too.
	await expect(page.getByRole('heading', { level: 1, name: 'Who takes part' })).toBeVisible();
	await page.getByText('As a table').click();
	const file = page.getByLabel('Read in a table (CSV)');
	const table = (...lines: string[]) => ({
		name: 'people.csv',
		mimeType: 'text/csv',
		buffer: Buffer.from(['member,role', ...lines].join('\n'))
	});
	await file.setInputFiles(table(`${guide.email},mentor`, 'nobody@story.example,mentor'));
	await expect(page.getByText('Line 3: Nobody here has this number or address.')).toBeVisible();
	await expect(page.getByText('Nobody here.', { exact: true })).toBeVisible();
	await file.setInputFiles(table(`${guide.email},mentor`, `${other.id},mentor`));
	const people = page.getByRole('list', { name: 'Who takes part' });
	await expect(people.getByRole('listitem')).toHaveCount(2);

	await member.page.goto('/members/programmes');
	const mine = member.page.getByRole('region', { name: title });
	await mine.getByLabel('What for?').fill('To keep my books');
	await mine.getByRole('button', { name: 'Join to be guided' }).click();
	await expect(mine.getByText('You take part, to be guided.')).toBeVisible();
	await member.ask('PUT', `/api/offered-programmes/${programme}/wishes/`, {
		wanted: [guide.id],
		avoided: [{ member: other.id, reason: 'Too near' }]
	});

	await page.getByLabel('Show', { exact: true }).selectOption('who would rather not have somebody');
	await expect(people.getByRole('listitem')).toHaveCount(1);
	await expect(people.getByText(`Would like: 1. ${guide.name}`)).toBeVisible();
	await expect(people.getByText(`Rather not ${other.name}: Too near`)).toBeVisible();
	await expect(people.getByText('To keep my books')).toBeVisible();

	await page.goto(`/members/programme?id=${programme}`);
	await page.getByRole('button', { name: 'Work out the pairs' }).click();
	const runs = page.getByRole('region', { name: 'Runs so far' });
	await expect(runs.getByText('ready to look at')).toBeVisible({ timeout: 30_000 });
	await runs.getByRole('listitem').first().getByRole('link').click();
	const pair = page.getByRole('listitem').filter({ hasText: `${guide.name} guides ${member.name}` });
	await pair.getByRole('button', { name: /^Why\?/ }).click();
	const dialog = page.getByRole('dialog');
	await expect(dialog.getByText(`${member.name} wished for this, as wish 1.`)).toBeVisible();
	await expectAccessible(page);
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Propose these guides' }).click();
	await expect(page.getByText('Proposed to everyone concerned')).toBeVisible();

	await member.page.reload();
	await mine.getByText('How it was decided').click();
	await expect(mine.getByText(`Proposed to you: ${guide.name}`)).toBeVisible();
	await expect(mine.getByText(`${guide.name}: given`)).toBeVisible();

	// From now on nothing decides but whom they like best; Nora reads it where she says so, and the result proves it.
	await page.goto(`/members/programme/settings?id=${programme}`);
	await page.getByLabel('What decides').selectOption('nothing but the order in which members like each other');
	await expect(page.getByLabel('Nobody is paired below so many points')).toHaveCount(0);
	await page.getByRole('button', { name: 'Save the settings' }).click();
	await expect(page.getByText('Settings saved')).toBeVisible();
	await member.page.reload();
	await expect(mine.getByText(/^Here nothing decides but your order/)).toBeVisible();
	await page.goto(`/members/programme?id=${programme}`);
	await page.getByRole('button', { name: 'Work out the pairs' }).click();
	await expect(runs.getByText('ready to look at')).toBeVisible({ timeout: 30_000 });
	await runs.getByRole('listitem').first().getByRole('link').click();
	await expect(page.getByText(/^Proven: no two would both rather have each other/)).toBeVisible();
	await expect(
		page
			.getByRole('row', { name: /^Pairs who would both rather/ })
			.getByRole('cell')
			.first()
	).toHaveText('0');
	await expect(page.getByText(`${member.name}: wish 1 · ${guide.name}: no wish about this person`)).toBeVisible();
});
