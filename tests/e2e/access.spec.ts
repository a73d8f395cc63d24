/** For everyone: every screen in both themes, in four languages, on a narrow phone, and by keyboard alone. */
import type { Locator, Page } from '@playwright/test';

import { SCREENS } from '../../frontend/src/lib/screens.ts';
import de from '../../frontend/src/lib/i18n/ui/de.json' with { type: 'json' };
import en from '../../frontend/src/lib/i18n/ui/en.json' with { type: 'json' };
import fr from '../../frontend/src/lib/i18n/ui/fr.json' with { type: 'json' };
import nl from '../../frontend/src/lib/i18n/ui/nl.json' with { type: 'json' };
import { GUIDE, PASSWORD, SHARED } from './app.ts';
import { cohortOf, roomOf, test } from './people.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, PHONE } from './story.ts';

const WORDS = { en, fr, nl, de };
const DOOR = ['/sign-in', '/join', '/forgot'];
/** Screens that need to be told what to show. */
const SHOWN: Record<string, string[]> = {
	'/members/person': ['/members/person?id=2', '/members/person?id=1'],
	'/members/collective': ['/members/collective?id=1'],
	'/members/notes': ['/members/notes?collective=1'],
	'/members/wanted/call': ['/members/wanted/call?id=1', '/members/wanted/call?id=2'],
	'/members/decision': ['/members/decision?id=1', '/members/decision?id=2'],
	'/members/consultation': ['/members/consultation?id=1'],
	'/members/circle': ['/members/circle?id=1'],
	'/members/complete': ['/members/complete?collective=1'],
	'/book/repeat': ['/book/repeat?resource=1'],
	'/book/thing': ['/book/thing?id=1', '/book/thing'],
	'/book/host/resource': ['/book/host/resource?id=21'],
	'/book/host/place': ['/book/host/place?id=4'],
	'/chats': ['/chats', '/chats?room=1'],
	'/chats/room': ['/chats/room?id=1'],
	'/chats/files': ['/chats/files?room=1']
};
/** Screens of a programme, of what was worked out for it, and of two people. */
const COHORT = [
	'/members/programme',
	'/members/programme/health',
	'/members/programme/participants',
	'/members/cohort',
	'/members/mentorship'
];
const ADDRESSES = SCREENS.filter((screen) => ![...DOOR, ...COHORT, '/join/welcome'].includes(screen)).flatMap(
	(screen) => SHOWN[screen] ?? [screen]
);
const UNTRANSLATED =
	/\b(ui|shell|auth|me|members|guidance|asking|together|pulse|talks|circles|giving|cohorts|coordinating|programmes|teams|book|things|figures|repeat|hosting|use|care|waiting|feeds|chats|collectives|consultations|decisions|wanted|abroad|reach|files|notices|home|errors)_[a-z_]+\b|\{[a-z_]+\}|undefined|NaN|\[object/;

test.describe.configure({ mode: 'parallel' });

async function open(page: Page, address: string): Promise<void> {
	await page.goto(address);
	await expectToStand(page, 'en');
}

/** By a link of the page that is open, without loading the whole app again; another of the same kind is loaded. */
async function follow(page: Page, address: string, language: keyof typeof WORDS): Promise<void> {
	const here = new URL(page.url());
	if (new URL(address, here).pathname === here.pathname) await page.goto(address);
	else {
		await page.evaluate((to) => {
			const link = document.createElement('a');
			link.href = to;
			document.body.append(link);
			link.click();
			link.remove();
		}, address);
	}
	await expect(page).toHaveURL(address);
	await expectToStand(page, language);
}

async function expectToStand(page: Page, language: keyof typeof WORDS): Promise<void> {
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(/\S/);
	await expect(page.getByText(WORDS[language].loading, { exact: true }).filter({ visible: true })).toHaveCount(0);
}

/** Screens of what has to be looked up: two people, a programme, its cohort, a booking whose things are out. */
async function furtherScreens(page: Page): Promise<string[]> {
	const { programme, cohort } = await cohortOf(page);
	const mine = await page.context().request.get('/api/programmes/');
	const shared = ((await mine.json()) as { id: number; name: string }[]).find((one) => one.name === SHARED)?.id;
	const today = await page.context().request.get('/api/hosting/today/');
	const { overdue } = (await today.json()) as { overdue: { booking: { id: number } }[] };
	const pairs = await page.context().request.get('/api/mentorships/?status=active');
	const { results } = (await pairs.json()) as { results: { id: number }[] };
	return [
		`/members/mentorship?id=${results[0]?.id}`,
		`/members/programme?id=${programme}`,
		`/members/programme/health?id=${programme}`,
		`/members/programme/participants?id=${shared}`,
		`/members/programme/settings?id=${shared}`,
		`/members/cohort?id=${cohort}`,
		`/book/use?booking=${overdue[0]?.booking.id}`
	];
}

/** All that is read or read aloud. */
function words(page: Page): Promise<string> {
	return page.evaluate(() => {
		const told = [...document.querySelectorAll('[aria-label], [placeholder], [title], [alt]')].flatMap((element) =>
			['aria-label', 'placeholder', 'title', 'alt'].map((name) => element.getAttribute(name) ?? '')
		);
		// Not the scripts: a shell carries its sentences with their keys. Nor what is to be written just so, such as {name}.
		const body = document.body.cloneNode(true) as HTMLElement;
		for (const script of body.querySelectorAll('script, style, code')) script.remove();
		return [document.title, body.textContent, ...told].join('\n');
	});
}

/** Read in this language, none of it a key or a hole, and within the narrowest phone. */
async function expectToSpeak(page: Page, language: keyof typeof WORDS): Promise<void> {
	await expect(page.locator('html')).toHaveAttribute('lang', language);
	expect(UNTRANSLATED.exec(await words(page))?.[0], `untranslated on ${page.url()}`).toBeUndefined();
	await expectNoSidewaysScroll(page);
}

const NARROW = { width: 320, height: 640 };
const PARTS = 4;
for (let part = 0; part < PARTS; part++) {
	test(`every screen is accessible in either theme, speaks en and fits a narrow phone (${part + 1} of ${PARTS})`, async ({
		as,
		page
	}) => {
		test.setTimeout(180_000);
		const guide = await as(GUIDE);
		const mine = (_one: string, place: number) => place % PARTS === part;
		const further = part ? [] : await furtherScreens(guide);
		for (const [window, addresses] of [
			[guide, [...ADDRESSES.filter(mine), ...further]],
			[page, DOOR.filter(mine)]
		] as const) {
			for (const address of addresses) {
				await open(window, address);
				await expectAccessible(window);
				const usual = window.viewportSize() ?? NARROW;
				await window.setViewportSize(NARROW);
				await expectToSpeak(window, 'en');
				await window.setViewportSize(usual);
			}
		}
	});
}

for (const language of ['fr', 'nl', 'de'] as const) {
	test(`every screen speaks ${language} and fits a narrow phone`, async ({ as, page, baseURL }) => {
		test.setTimeout(180_000);
		const guide = await as(GUIDE, { ...PHONE, viewport: NARROW });
		await page.setViewportSize(NARROW);
		const further = await furtherScreens(guide);
		for (const [window, addresses] of [
			[guide, [...ADDRESSES, ...further]],
			[page, DOOR]
		] as const) {
			await window.context().addCookies([{ name: 'lang', value: language, url: baseURL ?? '' }]);
			await window.goto(addresses[0] ?? '/');
			for (const address of addresses) {
				await follow(window, address, language);
				await expectToSpeak(window, language);
			}
		}
	});
}

test("a page that does not exist says so in the reader's language", async ({ page, complaints, baseURL }) => {
	for (const [language, words] of Object.entries({ en: 'nothing', fr: 'rien', nl: 'niets', de: 'nichts' })) {
		await page.context().addCookies([{ name: 'lang', value: language, url: baseURL ?? '' }]);
		await page.goto('/nowhere');
		await expect(page.locator('html')).toHaveAttribute('lang', language);
		await expect(page.getByRole('heading', { level: 1 })).toContainText(words);
	}
	await expectAccessible(page);
	// The browser says of the page itself that it is missing, as it should.
	expect(complaints.splice(0).filter((one) => !/nowhere: .* 404/.test(one))).toEqual([]);
});

test('axe finds nothing in the dialogs', async ({ as, joins }) => {
	test.setTimeout(180_000);
	const page = await as(GUIDE);
	const { page: newcomer } = await joins({ name: 'Nele', wants: ['bookkeeping'] });
	const dialogs: [Page, string, string][] = [
		[newcomer, '/members/guides', 'Ask to be guided'],
		[page, '/members/guidance', 'Decline'],
		[page, '/members/collectives', 'Start a collective'],
		[page, '/members/collective?id=1', 'Invite someone'],
		[page, '/members/collective?id=1', 'Leave the collective'],
		[page, '/chats/find', 'Open a room'],
		[page, '/chats?room=1', 'New topic'],
		[page, '/chats?room=1', 'Go to a day']
	];
	let before = '';
	for (const [window, address, button] of dialogs) {
		if (address !== before) await open(window, address);
		before = address;
		await window.getByRole('button', { name: button }).first().click();
		await expect(window.getByRole('dialog')).toBeVisible();
		await expectAccessible(window);
		await window.keyboard.press('Escape');
		await expect(window.getByRole('dialog')).toHaveCount(0);
		await expect(window.getByRole('button', { name: button }).first()).toBeFocused();
	}
});

test.describe('by keyboard alone', () => {
	test('one signs in', async ({ page, joins }) => {
		const { email } = await joins({ name: 'Tab' });
		await open(page, '/sign-in');
		await tabTo(page, page.getByLabel('E-mail address'));
		await page.keyboard.type(email);
		await tabTo(page, page.getByLabel('Password', { exact: true }));
		await page.keyboard.type(PASSWORD);
		await page.keyboard.press('Enter');
		await expect(page.getByRole('heading', { level: 1, name: 'Hello Tab' })).toBeVisible();
		// The first stop of every page leads past the navigation.
		await page.reload();
		await expect(page.getByRole('heading', { level: 1, name: 'Hello Tab' })).toBeVisible();
		await page.keyboard.press('Tab');
		await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
		await page.keyboard.press('Enter');
		await expect(page.getByRole('main')).toBeFocused();
	});

	test('one finds a guide by skill and asks', async ({ joins }) => {
		const { page } = await joins({ name: 'Pijl', wants: ['bookkeeping'] });
		await open(page, '/members/guides');
		const skill = page.getByRole('combobox', { name: 'Help with' });
		await tabTo(page, skill);
		await page.keyboard.type('boekhoud');
		// The first of the list: what stood there for the first letters typed may be gone at the last.
		const option = page.getByRole('listbox', { name: 'Help with' }).getByRole('option').first();
		await expect(option).toContainText('bookkeeping');
		await page.keyboard.press('ArrowDown');
		await expect(option).toHaveAttribute('aria-selected', 'true');
		await page.keyboard.press('Enter');
		await expect(skill).toHaveValue('bookkeeping');
		const ask = page.getByRole('button', { name: 'Ask to be guided' }).first();
		await expect(ask).toBeVisible();
		await tabTo(page, ask);
		await page.keyboard.press('Enter');
		const dialog = page.getByRole('dialog');
		await expect(dialog).toBeVisible();
		const track = dialog.getByLabel('About');
		await tabTo(page, track);
		await page.keyboard.press('ArrowDown');
		await tabTo(page, dialog.getByLabel('Your message'));
		await page.keyboard.type('Could we look at my books together, once a month?');
		await tabTo(page, dialog.getByRole('button', { name: 'Send the request' }));
		await page.keyboard.press('Enter');
		await expect(page.getByText(/^Request sent to /)).toBeVisible();
	});

	test('one books a room', async ({ joins }) => {
		const { page } = await joins({ name: 'Knop' });
		await open(page, '/book');
		await tabTo(page, page.getByRole('searchbox'));
		await page.keyboard.type('Dance studio');
		await tabTo(page, page.getByLabel('Day', { exact: true }));
		await page.keyboard.type(sameBothWays());
		const room = page.getByRole('button', { name: 'Dance studio' });
		await expect(page.getByRole('listitem').filter({ hasText: 'Dance studio' })).toContainText('Free all day');
		await tabTo(page, room);
		await page.keyboard.press('Enter');
		const dialog = page.getByRole('dialog');
		await tabTo(page, dialog.getByLabel('Until', { exact: true }));
		await page.keyboard.press('ArrowDown');
		await tabTo(page, dialog.getByLabel('What for'));
		await page.keyboard.type('Rehearsal');
		await tabTo(page, dialog.getByRole('button', { name: 'Save booking' }));
		await page.keyboard.press('Enter');
		await expect(page.getByText('Booking saved')).toBeVisible();
		await expect(dialog).toHaveCount(0);
		await expect(room).toBeFocused();
	});

	test('one takes away what one chose and keeps the place', async ({ joins }) => {
		const { page } = await joins({ name: 'Weg', offers: ['bookkeeping', 'photography'] });
		await open(page, '/me');
		const remove = (skill: string) => page.getByRole('button', { name: `Remove ${skill}` });
		await tabTo(page, remove('bookkeeping'));
		await page.keyboard.press('Enter');
		await expect(remove('bookkeeping')).toHaveCount(0);
		await expect(remove('photography')).toBeFocused();
		await page.keyboard.press('Enter');
		await expect(remove('photography')).toHaveCount(0);
		await expect(page.locator(':focus')).toHaveRole('combobox');
		// By finger nothing takes the focus: a field would open the keyboard of a phone.
		await page.getByRole('combobox', { name: 'Fields' }).fill('Live music');
		await page.getByRole('option', { name: 'Live music' }).click();
		await remove('Live music').click();
		await expect(remove('Live music')).toHaveCount(0);
		await expect(page.locator(':focus')).toHaveCount(0);
	});

	test('one sends a message and changes it', async ({ joins }) => {
		const writer = await joins({ name: 'Toets' });
		const reader = await joins({ name: 'Lezer' });
		const { page } = writer;
		await roomOf(writer, reader);
		await open(page, '/chats');
		await tabTo(page, page.getByRole('list', { name: 'My rooms' }).getByRole('link', { name: reader.name }));
		await page.keyboard.press('Enter');
		await expect(page.getByRole('heading', { level: 1, name: reader.name })).toBeVisible();
		await tabTo(page, page.getByLabel('Write to everyone here'));
		await page.keyboard.type('Good morning!');
		await page.keyboard.press('Enter');
		const message = page.getByRole('log').getByRole('listitem').filter({ hasText: 'Good morning!' });
		await expect(message).toBeVisible();
		await tabTo(page, message.getByRole('button', { name: /^More: / }), 'Shift+Tab');
		await page.keyboard.press('Enter');
		await tabTo(page, page.getByRole('dialog').getByRole('button', { name: 'Edit message' }));
		await page.keyboard.press('Enter');
		await tabTo(page, page.getByRole('dialog').getByLabel('Write to everyone here'));
		await page.keyboard.press('End');
		await page.keyboard.type(' Coffee?');
		await tabTo(page, page.getByRole('dialog').getByRole('button', { name: 'Save' }));
		await page.keyboard.press('Enter');
		await expect(page.getByRole('log').getByText('Good morning! Coffee?')).toBeVisible();
	});
});

/** A day two weeks ahead or more, to be typed: 02022027 is the same whether the browser asks for the day or the month first. */
function sameBothWays(): string {
	let day = new Date(Date.now() + 16 * 86_400_000);
	while (day.getDate() !== day.getMonth() + 1) day = new Date(day.getTime() + 86_400_000);
	const number = String(day.getDate()).padStart(2, '0');
	return `${number}${number}${day.getFullYear()}`;
}

/** Tab until this has the focus; what cannot be reached so fails. */
async function tabTo(page: Page, goal: Locator, key = 'Tab'): Promise<void> {
	await expect(goal).toBeVisible();
	for (let stop = 0; stop < 150; stop++) {
		if (await goal.evaluate((element) => element === document.activeElement)) return;
		await page.keyboard.press(key);
	}
	await expect(goal, 'reached by keyboard').toBeFocused();
}
