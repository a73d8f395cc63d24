/**
 * What the browser stories are told with. `test` gives:
 * - `page`: a window of someone who is not signed in;
 * - `as(email)`: a window of a demo member in a browser of their own, so that two people can be told of at once;
 * - `complaints`: what a page says on its console, throws, or asks of another host. A story ends with none of them.
 */
import AxeBuilder from '@axe-core/playwright';
import {
	test as base,
	expect,
	type Browser,
	type BrowserContext,
	type BrowserContextOptions,
	type Locator,
	type Page
} from '@playwright/test';

import { ADDRESS, mailedCode, PASSWORD } from './app.ts';

export { expect };
export const PHONE = {
	viewport: { width: 390, height: 844 },
	hasTouch: true,
	isMobile: true,
	deviceScaleFactor: 2
} as const;

/** So many days from today on the clock of the places, which near midnight is another day than in UTC. */
export function dayAhead(days: number): string {
	const day = new Date(`${new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Brussels' })}T12:00Z`);
	day.setUTCDate(day.getUTCDate() + days);
	return day.toISOString().slice(0, 10);
}

type As = (email: string, options?: BrowserContextOptions) => Promise<Page>;

/** A refusal (401, 409 …) is an answer; Chromium calls it an error of loading all the same, as it does a line that a story cut. */
const REFUSAL =
	/Failed to load resource: the server responded with a status of 4(00|01|03|09|10|13|22|29)|(Failed to load resource|WebSocket connection to .+ failed): .*net::ERR_INTERNET_DISCONNECTED/;

export const test = base.extend<{ complaints: string[]; as: As }>({
	complaints: [
		async ({}, use) => {
			const complaints: string[] = [];
			await use(complaints);
			expect(complaints, 'what the pages complained about').toEqual([]);
		},
		{ auto: true }
	],
	context: async ({ context, complaints }, use) => {
		listen(context, complaints);
		await use(context);
	},
	as: async ({ browser, complaints }, use, { project }) => {
		const opened: BrowserContext[] = [];
		await use(async (email, options = {}) => {
			const { baseURL, locale, timezoneId, viewport, serviceWorkers, contextOptions } = project.use;
			const usual = { ...contextOptions, baseURL, locale, timezoneId, viewport, serviceWorkers };
			const context = await browser.newContext({ ...usual, ...options, storageState: await session(browser, email) });
			opened.push(context);
			listen(context, complaints);
			return context.newPage();
		});
		for (const context of opened) await context.close();
	}
});

const sessions = new Map<string, Awaited<ReturnType<BrowserContext['storageState']>>>();

/** Signed in once through the API, then kept: signing in is throttled. After a sign-out in a story, `forget` it. */
async function session(browser: Browser, email: string): Promise<Awaited<ReturnType<BrowserContext['storageState']>>> {
	const kept = sessions.get(email);
	if (kept) return kept;
	const context = await browser.newContext({ baseURL: ADDRESS });
	await context.request.get('/_allauth/browser/v1/config');
	const token = (await context.cookies()).find((cookie) => cookie.name === 'csrftoken')?.value ?? '';
	const answer = await context.request.post('/_allauth/browser/v1/auth/login', {
		data: { email, password: PASSWORD },
		headers: { 'X-CSRFToken': token, Referer: ADDRESS }
	});
	expect(answer.status(), `${email} signs in: ${await answer.text()}`).toBe(200);
	const state = await context.storageState();
	await context.close();
	sessions.set(email, state);
	return state;
}

/** Someone who has just joined through the API is signed in already. */
export function keep(email: string, state: Awaited<ReturnType<BrowserContext['storageState']>>): void {
	sessions.set(email, state);
}

export function forget(email: string): void {
	sessions.delete(email);
}

/** The code that was mailed to this address, as soon as there is one that is not `old`. */
export async function codeFor(email: string, old = ''): Promise<string> {
	const fresh = () => [mailedCode(email)].find((code) => code !== old);
	await expect.poll(fresh, { message: `a code mailed to ${email}` }).toBeTruthy();
	return fresh() ?? '';
}

/** axe finds nothing on this screen, in light and in dark. */
export async function expectAccessible(page: Page): Promise<void> {
	// Until who reads is known, a page has no head.
	await expect(page.locator('h1').first()).toBeVisible();
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		const axe = new AxeBuilder({ page });
		// A theme changes colours and nothing else.
		const { violations } = await (colorScheme === 'dark' ? axe.withRules(['color-contrast']) : axe).analyze();
		const found = violations.map(
			({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(' | ')}`
		);
		expect(found, `axe on ${page.url()}, ${colorScheme}`).toEqual([]);
	}
}

/** Bring into view what a calendar may be drawing anew at that moment. */
export async function bringIntoView(locator: Locator): Promise<void> {
	await expect(() => locator.scrollIntoViewIfNeeded({ timeout: 2_000 })).toPass();
}

/** Nothing is wider than the window. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
	const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	expect(wider, `pixels that ${page.url()} is too wide`).toBeLessThanOrEqual(0);
}

function listen(context: BrowserContext, complaints: string[]): void {
	context.on('console', (message) => {
		const text = message.text();
		if (message.type() === 'error' && !REFUSAL.test(text)) complaints.push(`${message.location().url}: ${text}`);
	});
	context.on('weberror', (thrown) => complaints.push(`thrown: ${thrown.error().stack ?? thrown.error().message}`));
	context.on('request', (request) => {
		const url = request.url();
		if (/^(https?|wss?):/.test(url) && new URL(url).host !== new URL(ADDRESS).host)
			complaints.push(`asks another host: ${url}`);
	});
}
