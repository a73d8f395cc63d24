/** Working together across countries: a skill is found in whatever language it is typed. */
import { expect } from './story.ts';
import { test } from './people.ts';

for (const [typed, language] of [
	['ondertiteling', 'Dutch'],
	['sous-titrage', 'French']
] as const) {
	test(`a skill typed in ${language} finds people of other countries, in my own words`, async ({ joins }) => {
		const finder = await joins({ name: 'Elin Sucht', country: 'DE', city: 'Leipzig', speaks: { de: 7, en: 5, fr: 5 } });
		const found = await joins({
			name: 'Joke Titelt',
			country: 'BE',
			offers: ['subtitling'],
			speaks: { nl: 7, en: 5, fr: 5 }
		});
		const { page } = finder;
		await page.goto('/members/collaborators');
		await page.getByRole('checkbox', { name: 'Only in other countries' }).check();
		await page.getByRole('combobox', { name: 'Skill' }).fill(typed);
		await page.getByRole('option', { name: /^subtitling/ }).click();
		await expect(page.getByRole('combobox', { name: 'Skill' })).toHaveValue('subtitling');
		const card = page.getByRole('listitem').filter({ hasText: found.name });
		await expect(card).toBeVisible();
		await expect(card).toContainText('Belgium');
		await expect(
			page
				.getByRole('listitem')
				.filter({ has: page.getByRole('heading') })
				.filter({ hasText: 'Germany' })
		).toHaveCount(0);
		await card.getByRole('link', { name: found.name }).click();
		await expect(page.getByText('subtitling', { exact: true })).toBeVisible();
		await page.getByRole('button', { name: 'Write a message' }).click();
		await expect(page.getByRole('heading', { level: 1, name: found.name })).toBeVisible();
	});
}

test('the directory finds by name without its accents, by country and by region', async ({ joins }) => {
	const one = await joins({ name: 'Zoë Ångström', country: 'FR', city: 'Lille', offers: ['subtitling'] });
	const finder = await joins({ name: 'Bert Bladert' });
	const { page } = finder;
	await page.goto('/members');
	await page.getByRole('searchbox', { name: 'Search' }).fill(
		one.name
			.normalize('NFD')
			.replace(/[^ a-z]/gi, '')
			.toLowerCase()
	);
	const card = page.getByRole('listitem').filter({ hasText: one.name });
	await expect(card.first()).toBeVisible();
	await page.getByLabel('Country').selectOption('BE');
	await expect(card).toHaveCount(0);
	await page.getByLabel('Country').selectOption('FR');
	await expect(card.first()).toContainText('Lille, Hauts-de-France, France');
	await page.getByLabel('Region').selectOption('Brittany');
	await expect(card).toHaveCount(0);
	await page.getByLabel('Region').selectOption('Hauts-de-France');
	await expect(card.first()).toBeVisible();
});
