/** Who would complete us: a collective names what it lacks and sees who together covers it. */
import { test, unique } from './people.ts';
import { expect, expectAccessible } from './story.ts';

test('a collective sees who would complete it, and why', async ({ joins }) => {
	const founder = await joins({ name: 'Fay', offers: ['photography'] });
	await joins({ name: 'Sub', offers: ['subtitling'] });
	const { id } = await founder.ask<{ id: number }>('POST', '/api/collectives/', {
		name: `Frames ${unique()}`,
		purpose: 'Films without borders',
		country: 'BE'
	});
	const { page } = founder;
	await page.goto(`/members/collective?id=${id}`);
	await page.getByRole('link', { name: 'Who would complete us?' }).click();
	for (const [typed, meant] of [
		['subtitl', 'subtitling'],
		['bookkeep', 'bookkeeping']
	] as const) {
		await page.getByRole('combobox', { name: 'Add a skill' }).fill(typed);
		await page.getByRole('option', { name: meant }).first().click();
	}
	await expect(page.getByLabel(founder.name)).toBeChecked();
	await page.getByRole('button', { name: 'Look for a team' }).click();

	const team = page.getByRole('region', { name: 'A team for this' });
	await expect(team.getByText('Covers 100 % of what you lack.')).toBeVisible();
	await expect(team.getByRole('listitem').filter({ hasText: 'one of you' })).toHaveCount(1);
	await expect(team.getByText(/Covers .*subtitling/).first()).toBeVisible();
	await expect(team.getByText(/proven|at least \d+ %/)).toBeVisible();
	await team.getByText('Who else could come').first().click();
	await expectAccessible(page);
});
