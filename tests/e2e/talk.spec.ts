/** Talking live: at once, in order, once; also after the line was lost. */
import type { Page } from '@playwright/test';

import { type Person, roomOf, say, test } from './people.ts';
import { log, more } from './room.ts';
import { expect, expectAccessible } from './story.ts';

const box = (page: Page) => page.getByLabel('Write to everyone here');
/** What is said in the room, top to bottom, without who and when. Not as inner text: what is far out of view is not laid out. */
const said = async (page: Page) => (await log(page).locator('.body').allTextContents()).map((words) => words.trim());

async function enter({ page }: Person, room: number): Promise<void> {
	await page.goto(`/chats?room=${room}`);
	await expect(page.getByText('Connected', { exact: true })).toBeVisible();
	await expect(box(page)).toBeVisible();
}

async function write(page: Page, words: string): Promise<void> {
	await box(page).fill(words);
	await box(page).press('Enter');
}

test('messages appear at once in every window, in order and once; unread ones are counted elsewhere', async ({
	joins
}) => {
	const ada = await joins({ name: 'Ada' });
	const ben = await joins({ name: 'Ben' });
	const room = await roomOf(ada, ben);
	await ben.page.goto('/');
	await ben.page.goto('/chats');
	await say(ada, room, 'Are you there?');
	const waiting = ben.page.getByRole('list', { name: 'My rooms' }).getByRole('link', { name: ada.name });
	await expect(waiting).toContainText('1 unread');
	await expect(
		ben.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Chats ?, 1 unread$/ })
	).toBeVisible();
	await waiting.click();

	await enter(ada, room);
	const second = await ada.page.context().newPage();
	await second.goto(`/chats?room=${room}`);
	const windows = [ada.page, second, ben.page];
	for (const page of windows) await expect(log(page).getByText('Are you there?')).toBeVisible();
	await box(ben.page).pressSequentially('Y');
	for (const page of [ada.page, second]) await expect(page.getByText(`${ben.name} is writing …`)).toBeVisible();
	const script = `<img src=x onerror="document.title='broken'"><script>document.title='broken'</script>`;
	const words = ['One', 'Two', script, 'Four', 'https://example.org <b>five</b>'];
	for (const [place, line] of words.entries()) await write(place % 2 ? ben.page : ada.page, line);
	for (const page of windows) {
		await expect.poll(async () => [...(await said(page))].sort()).toEqual(['Are you there?', ...words].sort());
		await expect(page).not.toHaveTitle(/broken/);
	}
	const order = await said(ada.page);
	for (const page of windows) expect(await said(page)).toEqual(order);
	await expect(ben.page.getByRole('link', { name: 'Chats', exact: true })).toBeVisible();
});

test('what is written offline waits, and is sent once on return; nothing of the others is missing', async ({
	joins
}) => {
	const ada = await joins({ name: 'Ada' });
	const ben = await joins({ name: 'Ben' });
	const room = await roomOf(ada, ben);
	for (const person of [ada, ben]) await enter(person, room);
	await write(ada.page, 'Before the tunnel');
	await expect(log(ben.page).getByText('Before the tunnel')).toBeVisible();

	await ada.page.context().setOffline(true);
	await expect(ada.page.getByText('Waiting for the network. Messages are kept and sent later.')).toBeVisible();
	await write(ada.page, 'First from the tunnel');
	await write(ada.page, 'Second from the tunnel');
	await expect(log(ada.page).getByText('waiting to be sent')).toHaveCount(2);
	for (const words of ['Hello?', 'Are you still there?']) await say(ben, room, words);
	await expect(log(ben.page).getByText('Are you still there?')).toBeVisible();
	expect(await said(ben.page)).toEqual(['Before the tunnel', 'Hello?', 'Are you still there?']);

	await ada.page.context().setOffline(false);
	const all = [
		'Before the tunnel',
		'Hello?',
		'Are you still there?',
		'First from the tunnel',
		'Second from the tunnel'
	];
	for (const page of [ada.page, ben.page]) await expect.poll(() => said(page)).toEqual(all);
	await expect(log(ada.page).getByText('waiting to be sent')).toHaveCount(0);
	await ada.page.reload();
	await expect.poll(() => said(ada.page)).toEqual(all);
});

test('a message written offline survives the closing of the page', async ({ joins }) => {
	const ada = await joins({ name: 'Ada' });
	const ben = await joins({ name: 'Ben' });
	const room = await roomOf(ada, ben);
	await enter(ada, room);
	await enter(ben, room);
	await ada.page.context().setOffline(true);
	// On a phone the word about the network leaves room for the place to write.
	await ada.page.setViewportSize({ width: 390, height: 844 });
	await box(ada.page).fill('Written on the train');
	await ada.page.getByRole('button', { name: 'Send', exact: true }).click();
	await expect(log(ada.page).getByText('waiting to be sent')).toBeVisible();
	const later = await ada.page.context().newPage();
	await ada.page.close();
	await later.context().setOffline(false);
	await later.goto(`/chats?room=${room}`);
	for (const page of [later, ben.page]) await expect.poll(() => said(page)).toEqual(['Written on the train']);
});

test('where sockets are broken on the way, everything is said and heard all the same, in two windows', async ({
	joins
}) => {
	const ada = await joins({ name: 'Ada' });
	const ben = await joins({ name: 'Ben' });
	const room = await roomOf(ada, ben);
	await ada.page.context().routeWebSocket(/\/ws\//, (socket) => void socket.close({ code: 1006 }));
	const second = await ada.page.context().newPage();
	await enter(ben, room);
	for (const page of [ada.page, second]) {
		await page.goto(`/chats?room=${room}`);
		await expect(page.getByText('Connected', { exact: true })).toBeVisible();
	}
	await write(ben.page, 'Do you hear me?');
	for (const page of [ada.page, second]) await expect(log(page).getByText('Do you hear me?')).toBeVisible();
	await write(ada.page, 'I do');
	for (const page of [ben.page, second]) await expect(log(page).getByText('I do')).toBeVisible();
	// What is written without any network leaves as soon as there is one again.
	await ada.page.context().setOffline(true);
	await expect(ada.page.getByText('Waiting for the network. Messages are kept and sent later.')).toBeVisible();
	await write(ada.page, 'From the tunnel');
	await ada.page.context().setOffline(false);
	for (const page of [ada.page, second, ben.page])
		await expect.poll(() => said(page)).toEqual(['Do you hear me?', 'I do', 'From the tunnel']);
});

/** A page of the log of a room in which ten thousand things were said. */
function longAgo(url: string) {
	const before = Number(new URL(url).searchParams.get('before')) || 10_001;
	const events = Array.from({ length: 50 }, (_, place) => event(before - 50 + place));
	return { events, head: 10_000, has_older: before > 51, has_newer: false, noted: [] };
}

function event(seq: number) {
	return {
		room: 1,
		seq,
		kind: 'message',
		author: { id: 1, name: 'Ada', photo: null },
		client_id: null,
		body: `Line ${seq}`,
		html: null,
		target_seq: null,
		created_at: '2026-11-24T09:00:00Z',
		edited: false,
		deleted: false,
		topic: null,
		reply_to: null,
		language: '',
		important: false,
		attachments: [],
		mentions: [],
		everyone: false,
		reactions: [],
		pinned: false,
		hidden: false,
		acknowledged: 0,
		emoji: '',
		subject: null,
		data: {}
	};
}

test('older messages come by scrolling, without a jump, a hole or a double', async ({ joins }) => {
	const ada = await joins({ name: 'Ada' });
	const ben = await joins({ name: 'Ben' });
	const room = await roomOf(ada, ben);
	const lines = Array.from({ length: 70 }, (_, place) => `Line ${place + 1}`);
	for (const [place, line] of lines.entries()) await say(place % 2 ? ben : ada, room, line);
	await enter(ada, room);
	await expect(log(ada.page).getByText('Line 70', { exact: true })).toBeInViewport();
	await expect(log(ada.page).getByText('Line 5', { exact: true })).toHaveCount(0);
	await ada.page.getByRole('region', { name: 'Messages' }).hover();
	await expect(async () => {
		await ada.page.mouse.wheel(0, -3000);
		expect(await said(ada.page)).toEqual(lines);
	}).toPass();
	// Someone who reads above is told of what is new below, and is not carried away.
	await say(ben, room, 'New at the end');
	await ada.page.getByRole('button', { name: 'New message below' }).click();
	await expect(log(ada.page).getByText('New at the end')).toBeInViewport();

	// The same with ten thousand of them: what is read stays where it is, and the page holds a few hundred at most.
	await ada.page.route(/\/api\/rooms\/\d+\/events\//, (route) =>
		route.fulfill({ json: longAgo(route.request().url()) })
	);
	await ada.page.reload();
	await expect(log(ada.page).getByText('Line 10000', { exact: true })).toBeInViewport();
	const list = ada.page.getByRole('region', { name: 'Messages' });
	for (let turn = 0; turn < 20; turn++) {
		const first = (await said(ada.page))[0] ?? '';
		await list.evaluate((region) => (region.scrollTop = 0));
		await expect.poll(async () => (await said(ada.page))[0]).not.toBe(first);
		await expect(log(ada.page).getByText(first, { exact: true })).toBeInViewport();
	}
	expect((await said(ada.page)).length).toBeLessThanOrEqual(600);
});

test("one's own message is changed and deleted, for everyone at once", async ({ joins }) => {
	const ada = await joins({ name: 'Ada' });
	const ben = await joins({ name: 'Ben' });
	const room = await roomOf(ada, ben);
	for (const person of [ada, ben]) await enter(person, room);
	await write(ada.page, 'See you on Mondag');
	await write(ada.page, 'This was for someone else');
	await expect(log(ben.page).getByText('This was for someone else')).toBeVisible();
	// Nobody changes what others said.
	await more(ben.page, 'This was for someone else');
	await expect(ben.page.getByRole('dialog').getByRole('button', { name: 'Reply' })).toBeVisible();
	await expect(ben.page.getByRole('dialog').getByRole('button', { name: 'Edit message' })).toHaveCount(0);
	await ben.page.keyboard.press('Escape');

	await more(ada.page, 'Mondag');
	await ada.page.getByRole('dialog').getByRole('button', { name: 'Edit message' }).click();
	const edit = ada.page.getByRole('dialog', { name: 'Edit message' });
	await edit.getByLabel('Write to everyone here').fill('See you on Monday');
	await edit.getByRole('button', { name: 'Save' }).click();
	const changed = log(ben.page).getByRole('listitem').filter({ hasText: 'See you on Monday' });
	await expect(changed).toContainText('(edited)');

	await more(ada.page, 'someone else');
	await ada.page.getByRole('dialog').getByRole('button', { name: 'Delete message' }).click();
	await expectAccessible(ada.page);
	await ada.page.getByRole('dialog').getByRole('button', { name: 'Delete message' }).click();
	for (const page of [ada.page, ben.page]) {
		await expect(log(page).getByText('This message was deleted.')).toBeVisible();
		await expect(log(page).getByText('This was for someone else')).toHaveCount(0);
		await expect(log(page).getByText('Mondag')).toHaveCount(0);
	}
	await ben.page.reload();
	await expect.poll(() => said(ben.page)).toEqual(['See you on Monday', 'This message was deleted.']);
});
