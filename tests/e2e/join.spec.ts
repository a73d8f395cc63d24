/** Coming in: a new member from the first form to their home, and back again by password or by code. */
import { mailedCode, PASSWORD } from './app.ts';
import { test, unique } from './people.ts';
import { codeFor, expect, expectAccessible } from './story.ts';

test('someone new confirms their address, tells who they are in four steps and arrives at home', async ({ page }) => {
	const email = `lotte.${unique()}@story.example`;
	await page.goto('/join');
	await page.getByLabel('E-mail address').fill(email);
	await page.getByLabel('Password', { exact: true }).fill('short');
	await page.getByRole('button', { name: 'Create my account' }).click();
	const password = page.getByLabel('Password', { exact: true });
	await expect(password).toHaveAccessibleDescription(/Use at least ten characters\./);
	await expect(page.getByLabel('E-mail address')).toHaveValue(email);
	await password.fill(PASSWORD);
	await page.getByRole('button', { name: 'Create my account' }).click();

	await page.getByLabel('Code from the mail').fill('WRONG1');
	await page.getByRole('button', { name: 'Confirm' }).click();
	await expect(page.getByLabel('Code from the mail')).toHaveAccessibleDescription(/This code is not right\./);
	await page.getByLabel('Code from the mail').fill(await codeFor(email));
	await page.getByRole('button', { name: 'Confirm' }).click();

	await expect(page.getByText('Step 1 of 4')).toBeVisible();
	await expectAccessible(page);
	await page.getByLabel('Name', { exact: true }).fill('Lotte Nieuwkomer');
	await page.getByLabel('Organisation').selectOption({ index: 1 });
	await page.getByLabel('Country').selectOption('BE');
	await page.getByLabel('Town').fill('Ghent');
	const spoken = page.getByLabel('Language', { exact: true }).and(page.locator('main select'));
	if ((await spoken.count()) === 0) await page.getByRole('button', { name: 'Add a language' }).click();
	await spoken.first().selectOption('en');
	await page.getByRole('button', { name: 'Next' }).click();

	await expect(page.getByRole('heading', { name: 'What I do' })).toBeFocused();
	await page.getByRole('combobox', { name: 'I am a …' }).fill('photographe');
	await page
		.getByRole('option', { name: /photographer/i })
		.first()
		.click();
	const suggested = page.getByText('People in this trade often choose').locator('xpath=following-sibling::ul');
	const first = suggested.getByRole('button').first();
	const offered = (await first.innerText()).trim();
	await first.click();
	await expect(page.getByLabel(offered, { exact: true })).toBeVisible();
	await page.getByLabel(offered, { exact: true }).selectOption({ label: 'does it for a living' });
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Next' }).click();

	await expect(page.getByText('Step 3 of 4')).toBeVisible();
	await page.getByRole('combobox', { name: 'Help with' }).fill('boekhouding');
	await page
		.getByRole('option', { name: /bookkeeping|accounting/i })
		.first()
		.click();
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Next' }).click();

	await expect(page.getByText('Step 4 of 4')).toBeVisible();
	await page.getByRole('button', { name: 'Add hours' }).click();
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Come in' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'Hello Lotte' })).toBeVisible();

	await page.goto('/me');
	await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Lotte Nieuwkomer');
	await expect(page.getByLabel(offered, { exact: true })).toHaveValue('4');
	await page.getByRole('button', { name: 'Sign out' }).click();
	await expect(page.getByRole('heading', { name: 'Good to see you again' })).toBeVisible();
	await page.goto('/members');
	await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test('a wrong password is said in words and the address stays; then a mailed code lets one in', async ({
	page,
	joins
}) => {
	const { email, name } = await joins({ name: 'Wout Vergeten' });
	await page.goto('/sign-in?next=%2Fmembers%2Fcollectives');
	await page.getByLabel('E-mail address').fill(email);
	await page.getByLabel('Password', { exact: true }).fill('not my password');
	await page.getByRole('button', { name: 'Sign in' }).click();
	await expect(page.getByText('This e-mail address and password do not go together.')).toBeVisible();
	await expect(page.getByLabel('E-mail address')).toHaveValue(email);
	await expectAccessible(page);

	await page.getByRole('button', { name: 'Send me a code instead' }).click();
	const old = mailedCode(email);
	await page.getByRole('button', { name: 'Send the code' }).click();
	await page.getByLabel('Code from the mail').fill(await codeFor(email, old));
	await page.getByRole('button', { name: 'Confirm' }).click();
	await expect(page).toHaveURL(/\/members\/collectives$/);
	await page.goto('/');
	await expect(page.getByRole('heading', { level: 1, name: `Hello ${name.split(' ')[0]}` })).toBeVisible();
});

test('a forgotten password is replaced by a mailed code', async ({ page, joins }) => {
	const { email } = await joins({ name: 'Fien Opnieuw' });
	const old = mailedCode(email);
	await page.goto('/forgot');
	await page.getByLabel('E-mail address').fill(email);
	await page.getByRole('button', { name: 'Send the code' }).click();
	await page.getByLabel('Code from the mail').fill(await codeFor(email, old));
	await page.getByLabel('New password').fill('another orange bicycle');
	await page.getByRole('button', { name: 'Save password' }).click();
	await expect(page.getByText('Password saved. You can sign in.')).toBeVisible();
	await page.getByLabel('E-mail address').fill(email);
	await page.getByLabel('Password', { exact: true }).fill('another orange bicycle');
	await page.getByRole('button', { name: 'Sign in' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'Hello Fien' })).toBeVisible();
});

test('what is typed and sent before the app has started is not lost', async ({ page, joins }) => {
	const { email } = await joins({ name: 'Vlug Vooraf' });
	const old = mailedCode(email);
	let start = () => {};
	const started = new Promise<void>((resolve) => (start = resolve));
	await page.route('**/*.js', async (route) => {
		await started;
		await route.continue();
	});
	await page.goto('/forgot', { waitUntil: 'commit' });
	await page.getByLabel('E-mail address').fill(email);
	await page.getByRole('button', { name: 'Send the code' }).click();
	start();
	await page.getByLabel('Code from the mail').fill(await codeFor(email, old));
});

test('language and theme stay as chosen', async ({ page }) => {
	await page.goto('/sign-in');
	await page.getByRole('combobox', { name: 'Language' }).selectOption('nl');
	await expect(page.getByRole('heading', { level: 1, name: 'Fijn dat je er weer bent' })).toBeVisible();
	await expect(page.locator('html')).toHaveAttribute('lang', 'nl');
	const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	const light = await paper();
	await page.locator('header').getByRole('button').click();
	await expect.poll(paper).not.toBe(light);
	const dark = await paper();
	await page.reload();
	await expect(page.getByRole('heading', { level: 1, name: 'Fijn dat je er weer bent' })).toBeVisible();
	expect(await paper()).toBe(dark);
});
