// Writes docs/screenshot.png from a running app with demo data: a phone beside a desktop. BASE names its address.
import { chromium } from '@playwright/test';

const base = process.env.BASE ?? 'http://localhost:8000';
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });

async function shot(email, path, viewport) {
	const context = await browser.newContext({
		viewport,
		locale: 'en-GB',
		colorScheme: 'light',
		serviceWorkers: 'block'
	});
	const page = await context.newPage();
	await page.goto(`${base}/sign-in`);
	await page.getByLabel('E-mail address').fill(email);
	await page.getByLabel('Password', { exact: true }).fill('compagnon-demo');
	await page.keyboard.press('Enter');
	await page.waitForURL(`${base}/`);
	await page.goto(base + path, { waitUntil: 'networkidle' });
	await page.evaluate(() => document.fonts.ready);
	const picture = await page.screenshot();
	await context.close();
	return picture.toString('base64');
}

const phone = await shot('noor@demo.example', '/members/guides', { width: 390, height: 844 });
const desktop = await shot('grace@demo.example', '/book', { width: 1300, height: 844 });
const sheet = await browser.newPage({ viewport: { width: 1330, height: 680 } });
await sheet.setContent(`<body style="margin:0;background:#e6dbe3;display:flex;gap:24px;padding:24px;align-items:center">
	<img style="height:632px;border-radius:18px" src="data:image/png;base64,${phone}">
	<img style="height:632px;border-radius:12px" src="data:image/png;base64,${desktop}"></body>`);
await sheet.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth));
await sheet.screenshot({ path: new URL('../../docs/screenshot.png', import.meta.url).pathname });
await browser.close();
