import { expect, expectAccessible, expectNoSidewaysScroll, test } from './story.ts';

for (const language of ['en', 'fr', 'nl', 'de']) {
	test(`the sign-in screen opens in ${language}, fits a narrow phone and is accessible`, async ({
		page,
		context,
		baseURL
	}) => {
		await context.addCookies([{ name: 'lang', value: language, url: baseURL }]);
		await page.setViewportSize({ width: 320, height: 640 });
		await page.goto('/sign-in');
		await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`));
		await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
		await expect(page.locator('input[type=email]')).toBeVisible();
		await expectNoSidewaysScroll(page);
		await expectAccessible(page);
	});
}
