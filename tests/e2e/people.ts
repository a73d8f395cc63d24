/** People of one story only: they join through the API as anyone would, so that stories do not depend on each other. */
import type { APIRequestContext, BrowserContext, Page } from '@playwright/test';

import { ADDRESS, PASSWORD } from './app.ts';
import { codeFor, expect, keep, test as base } from './story.ts';

interface About {
	name: string;
	country?: string;
	city?: string;
	/** Languages with their level, 1 to 7. */
	speaks?: Record<string, number>;
	/** English names of skills. */
	offers?: string[];
	wants?: string[];
	/** How many people they guide at once; none when absent. */
	guides?: number;
}

export class Person {
	readonly page: Page;
	readonly email: string;
	readonly name: string;
	readonly id: number;

	constructor(page: Page, email: string, name: string, id: number) {
		[this.page, this.email, this.name, this.id] = [page, email, name, id];
	}

	/** What this person asks of the API; the answer must be a good one. */
	ask<T>(method: string, path: string, data?: unknown): Promise<T> {
		return ask<T>(this.page.context(), method, path, data);
	}
}

/** `joins` gives a member who is new, with a window of their own; the name gets an ending that nobody else has. */
export const test = base.extend<{ joins: (about: About) => Promise<Person> }>({
	joins: async ({ as, browser }, use) => {
		await use(async (wished) => {
			const about = { ...wished, name: `${wished.name} ${unique()}` };
			const email = `${about.name.toLowerCase().replace(/[^a-z]+/g, '.')}@story.example`;
			const context = await browser.newContext({ baseURL: ADDRESS });
			const id = await join(context, email, about);
			keep(email, await context.storageState());
			await context.close();
			return new Person(await as(email), email, about.name, id);
		});
	}
});

/** Letters that stand nowhere else. */
export function unique(): string {
	return Array.from(crypto.getRandomValues(new Uint8Array(7)), (byte) => String.fromCharCode(97 + (byte % 26))).join(
		''
	);
}

/** Two who know each other, in a room of their own. */
export async function roomOf(one: Person, other: Person): Promise<number> {
	const { id } = await one.ask<{ id: number }>('POST', '/api/rooms/direct/', { member: other.id });
	return id;
}

/** Said through the API, as if it had been said before. */
export async function say(person: Person, room: number, body: string): Promise<void> {
	await person.ask('POST', `/api/rooms/${room}/messages/`, { client_id: crypto.randomUUID(), body });
}

/** The number of the skill that is called so in English. */
export async function skill(request: APIRequestContext, name: string): Promise<number> {
	const answer = await request.get('/api/skills/', { params: { q: name }, headers: { 'Accept-Language': 'en' } });
	const found = ((await answer.json()) as { id: number; name: string }[]).find((one) => one.name === name);
	expect(found, `the skill ${name}`).toBeTruthy();
	return found?.id ?? 0;
}

/** The numbers of a programme that this person coordinates, and of a cohort worked out for it. */
export async function cohortOf(page: Page): Promise<{ programme: number; cohort: number }> {
	const got = async <T>(path: string) => (await (await page.context().request.get(path)).json()) as T;
	const [programme] = await got<{ id: number }[]>('/api/programmes/');
	const made = () => got<{ results: { id: number }[] }>(`/api/cohorts/?programme=${programme?.id}&status=ready`);
	if (!(await made()).results.length) {
		// 409: someone else has just asked for one.
		const cookies = await page.context().cookies();
		const token = cookies.find((cookie) => cookie.name === 'csrftoken')?.value ?? '';
		const headers = { 'X-CSRFToken': token, Referer: ADDRESS };
		await page.context().request.post(`/api/programmes/${programme?.id}/match/`, { data: {}, headers });
		await expect.poll(async () => (await made()).results.length, { timeout: 30_000 }).toBeGreaterThan(0);
	}
	return { programme: programme?.id ?? 0, cohort: (await made()).results[0]?.id ?? 0 };
}

async function join(context: BrowserContext, email: string, about: About): Promise<number> {
	await context.request.get('/_allauth/browser/v1/config');
	// 401: the address is not confirmed yet.
	await ask(context, 'POST', '/_allauth/browser/v1/auth/signup', { email, password: PASSWORD }, 401);
	await ask(context, 'POST', '/_allauth/browser/v1/auth/email/verify', { key: await codeFor(email) });
	const named = (names: string[] = []) => Promise.all(names.map((name) => skill(context.request, name)));
	const organisations = await ask<{ id: number }[]>(context, 'GET', '/api/organisations/');
	const me = await ask<{ id: number }>(context, 'PATCH', '/api/me/', {
		name: about.name,
		organisation: organisations[0]?.id,
		country: about.country ?? 'BE',
		city: about.city ?? 'Ghent',
		timezone: 'Europe/Brussels',
		languages: Object.entries(about.speaks ?? { en: 6 }).map(([code, level]) => ({ code, level })),
		offers: (await named(about.offers)).map((id) => ({ skill: id, level: 4 })),
		wants: (await named(about.wants)).map((id, place) => ({ skill: id, level_now: 0, priority: 3 - place })),
		...(about.guides ? { guide_capacity: about.guides, guide_tracks: ['social', 'economic', 'cooperative'] } : {})
	});
	await ask(context, 'POST', '/api/me/onboard/');
	return me.id;
}

async function ask<T>(
	context: BrowserContext,
	method: string,
	path: string,
	data?: unknown,
	expected?: number
): Promise<T> {
	const token = (await context.cookies()).find((cookie) => cookie.name === 'csrftoken')?.value ?? '';
	const headers = { 'X-CSRFToken': token, Referer: ADDRESS };
	const answer = await context.request.fetch(path, { method, headers, ...(data === undefined ? {} : { data }) });
	const said = await answer.text();
	if (expected) expect(answer.status(), `${method} ${path}: ${said}`).toBe(expected);
	else expect(answer.ok(), `${method} ${path}: ${answer.status()} ${said}`).toBe(true);
	return (said ? JSON.parse(said) : undefined) as T;
}
