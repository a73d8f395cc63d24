/** A photo of oneself: what is none is refused in words, a real one is shown. */
import { expect } from './story.ts';
import { png } from './pictures.ts';
import { test } from './people.ts';

test('a file that is no photo is refused in words, and a real one is shown', async ({ joins }) => {
	const { page } = await joins({ name: 'Fleur Foto' });
	await page.goto('/me');
	const file = page.getByLabel('Choose a photo');
	await file.setInputFiles({
		name: 'me.jpg',
		mimeType: 'image/jpeg',
		buffer: Buffer.from('<script>alert(1)</script>')
	});
	await expect(page.getByText('This file is not a photo that we can read.')).toBeVisible();
	await file.setInputFiles({
		name: 'me.png',
		mimeType: 'image/png',
		buffer: Buffer.concat([png(8), Buffer.alloc(9_000_000)])
	});
	await expect(page.getByText('A photo may have 8 MB at most.')).toBeVisible();

	await file.setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: png(64) });
	await expect(page.getByText('Photo saved')).toBeVisible();
	const shown = page.locator('main img').first();
	await expect(shown).toBeVisible();
	expect(
		await shown.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))
	).toBeGreaterThan(0);
	await page.getByRole('button', { name: 'Show my tile instead' }).click();
	await expect(shown).toHaveCount(0);
});
