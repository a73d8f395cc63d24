/** “Not for me” and blocking: at once, and both can be taken back. */
import { test } from './people.ts';
import { expect, expectAccessible } from './story.ts';

test('who is not for me is gone at once, and comes back when I say so', async ({ joins }) => {
	const { name } = await joins({ name: 'Quill', offers: ['subtitling'], guides: 2 });
	const { page } = await joins({ name: 'Nele', wants: ['subtitling'] });
	await page.goto('/members/guides');
	const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });
	await card.getByRole('button', { name: 'Not for me' }).click();
	const dialog = page.getByRole('dialog', { name: `Do not suggest ${name}` });
	await expectAccessible(page);
	await dialog.getByLabel('We know each other already').check();
	await dialog.getByRole('button', { name: 'Suggest no more' }).click();
	await expect(card).toHaveCount(0);
	// The button that had the focus went with the card.
	await expect(page.getByRole('status').filter({ hasText: /members?$/ })).toBeFocused();

	await page.goto('/me/people');
	await page.getByRole('button', { name: /^Suggest again/ }).click();
	await expect(page.getByText('You have not set anyone aside.')).toBeVisible();
	await expect(page.getByRole('heading', { name: 'Not suggested to me' })).toBeFocused();
	await page.goto('/members/guides');
	await expect(card).toHaveCount(1);
});

test('after a block neither finds the other', async ({ joins }) => {
	const [one, other] = [await joins({ name: 'Quill' }), await joins({ name: 'Rosa' })];
	await one.page.goto(`/members/person?id=${other.id}`);
	await one.page.getByRole('button', { name: 'Block' }).click();
	const dialog = one.page.getByRole('dialog', { name: `Block ${other.name}?` });
	await dialog.getByRole('button', { name: 'Block' }).click();
	await expect(one.page).toHaveURL(/\/members$/);

	const status = async () => (await other.page.context().request.get(`/api/members/${one.id}/`)).status();
	expect(await status()).toBe(404);
	await one.page.goto('/me/people');
	await expectAccessible(one.page);
	await one.page.getByRole('button', { name: /^Unblock/ }).click();
	await expect(one.page.getByText('You have not blocked anyone.')).toBeVisible();
	expect(await status()).toBe(200);
});
