/** Naming a skill as one happens to type it: in one's own language, with a slip, or a word that nobody knows yet. */
import de from '../../frontend/src/lib/i18n/me/de.json' with { type: 'json' };
import en from '../../frontend/src/lib/i18n/me/en.json' with { type: 'json' };
import fr from '../../frontend/src/lib/i18n/me/fr.json' with { type: 'json' };
import nl from '../../frontend/src/lib/i18n/me/nl.json' with { type: 'json' };
import { test, unique } from './people.ts';
import { expect, expectAccessible } from './story.ts';

for (const { language, words, typed, meant } of [
	{ language: 'en', words: en, typed: 'photograpy', meant: 'photography' },
	{
		language: 'fr',
		words: fr,
		typed: 'éclairgae scén',
		meant: 'éclairage scénique'
	},
	{ language: 'nl', words: nl, typed: 'podcst', meant: 'podcasts maken' },
	{
		language: 'de',
		words: de,
		typed: 'buhnenbeleuchtng',
		meant: 'Bühnenbeleuchtung'
	}
]) {
	test(`a skill mistyped in ${language} is found all the same`, async ({ joins, baseURL }) => {
		const { page } = await joins({ name: 'Noor' });
		await page.context().addCookies([{ name: 'lang', value: language, url: baseURL ?? '' }]);
		await page.goto('/me');
		const box = page.getByRole('combobox', { name: words.add_skill }).first();
		await box.fill(typed);
		await page.getByRole('option', { name: meant }).first().click();
		await expect(page.getByRole('combobox', { name: meant })).toBeVisible();
		await expect(page.getByText(words.esco)).toBeVisible();
	});
}

test('a skill that nobody knows is proposed and can be used at once', async ({ joins }) => {
	const { page } = await joins({ name: 'Noor' });
	const name = `weaving with ${unique()}`;
	await page.goto('/me');
	await page.getByRole('combobox', { name: en.add_skill }).first().fill(name);
	await page.getByRole('option', { name: `Add “${name}” as a new skill` }).click();
	await expect(page.getByRole('combobox', { name })).toBeVisible();
	await page.getByRole('button', { name: en.save }).click();
	await expect(page.getByText(en.saved)).toBeVisible();
	await page.reload();
	await expect(page.getByRole('combobox', { name })).toBeVisible();
});

test('a profession brings its sector and its usual skills', async ({ joins }) => {
	const { page } = await joins({ name: 'Noor' });
	await page.goto('/me');
	await page.getByRole('combobox', { name: en.profession }).fill('photogr');
	await page.getByRole('option', { name: 'photographer' }).first().click();
	await expect(page.getByRole('list').getByText('Photography', { exact: true })).toBeVisible();
	await expect(page.getByText(en.suggested)).toBeVisible();
	await page.getByRole('button', { name: 'photo editing' }).click();
	await expect(page.getByRole('combobox', { name: 'photo editing' })).toBeVisible();
	await expectAccessible(page);
});

test('who types what they are is led to the skills of that trade, with the keyboard alone', async ({ joins }) => {
	const { page } = await joins({ name: 'Noor' });
	await page.goto('/me');
	await page.getByRole('combobox', { name: en.add_skill }).first().fill('fotograaf');
	const trade = page.getByRole('option', {
		name: en.skills_of_trade.replace('{name}', 'photographer')
	});
	await expect(trade).toBeVisible();
	await page.keyboard.press('ArrowUp');
	await page.keyboard.press('ArrowUp');
	await expect(trade).toHaveAttribute('aria-selected', 'true');
	await page.keyboard.press('Enter');
	const skill = page.getByRole('button', {
		name: 'photo editing',
		exact: true
	});
	await skill.focus();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('combobox', { name: 'photo editing' })).toBeVisible();
	await expect(skill).toHaveCount(0);
	// The next one has the focus, not the top of the page.
	await expect(page.locator('ul.chips button:focus')).toHaveCount(1);
});

test('a person who cannot be asked is shown with the reason and what would change it', async ({ joins }) => {
	const { page } = await joins({ name: 'Noor', speaks: { nl: 7 } });
	const guide = await joins({
		name: 'Grace',
		speaks: { fr: 7 },
		offers: ['bookkeeping'],
		guides: 2
	});
	await page.goto(`/members/person?id=${guide.id}`);
	await expect(page.getByText(/no language in common/).first()).toBeVisible();
	await expect(page.getByRole('button', { name: /^Ask/ })).toHaveCount(0);
	await expectAccessible(page);
});
