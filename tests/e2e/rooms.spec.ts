/** Rooms of several people: what is said, answered, named and shown, in every window at once. */
import type { Locator, Page } from '@playwright/test';

import { png } from './pictures.ts';
import { say, test, unique } from './people.ts';
import { box, enter, line, log, more, sheet, three, write } from './room.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, PHONE } from './story.ts';

test('reactions, replies, pins and edits show in every window at once', async ({ joins }) => {
	const { ada, ben, cleo, room } = await three(joins);
	for (const person of [ada, ben, cleo]) await enter(person, room.id);
	await write(ada.page, 'The saw is **back**', 'The saw is back');
	await expect(line(ben.page, 'The saw is back').locator('strong')).toHaveText('back');

	await (await more(ben.page, 'The saw')).getByRole('button', { name: 'React with 🎉' }).click();
	for (const { page } of [ada, ben, cleo])
		await expect(line(page, 'The saw').getByRole('button', { name: '🎉, 1 person' })).toBeVisible();
	await line(cleo.page, 'The saw').getByRole('button', { name: '🎉, 1 person' }).click();
	await expect(line(ada.page, 'The saw').getByRole('button', { name: '🎉, 2 people' })).toBeVisible();
	for (const { page } of [ben, cleo]) await line(page, 'The saw').getByRole('button', { name: /^🎉/ }).click();
	for (const { page } of [ada, ben, cleo])
		await expect(line(page, 'The saw').getByRole('button', { name: /^🎉/ })).toHaveCount(0);

	await more(cleo.page, 'The saw', 'Reply');
	await expect(box(cleo.page)).toBeFocused();
	await write(cleo.page, 'Then I take it tomorrow');
	await line(ben.page, 'Then I take it')
		.getByRole('button', { name: /The saw is/ })
		.click();
	await expect(line(ben.page, 'The saw is back')).toBeInViewport();

	await more(ada.page, 'The saw', 'Pin for everyone');
	await ben.page.getByRole('button', { name: '1 pinned message' }).click();
	await expect(sheet(ben.page)).toContainText('The saw is');
	await sheet(ben.page).getByRole('button', { name: 'Show it where it was said' }).click();
	await expect(sheet(ben.page)).toHaveCount(0);

	await more(ada.page, 'The saw', 'Edit message');
	await sheet(ada.page).getByLabel('Write to everyone here').fill('The drill is back');
	await sheet(ada.page).getByRole('button', { name: 'Save' }).click();
	await expect(line(cleo.page, 'The drill is back')).toContainText('(edited)');
	await more(cleo.page, 'The drill', 'Earlier versions');
	await expect(sheet(cleo.page)).toContainText('The saw is **back**');
	await expectAccessible(cleo.page);
});

test('what one hears of a room and of a topic is chosen, and how far one has read is shown when one lets it', async ({
	joins
}) => {
	const { ada, ben, cleo, room } = await three(joins);
	const topic = await ada.ask<{ id: number }>('POST', `/api/rooms/${room.id}/topics/`, { title: 'Keys' });
	const { page } = ben;
	await page.goto(`/chats/room?id=${room.id}`);
	await page.getByLabel('Tell me about').selectOption('Nothing');
	await expect(page.getByText('Saved', { exact: true })).toBeVisible();
	await page.getByLabel('In the topic “Keys”').selectOption('Messages that name me');
	await page.getByLabel('The others may see how far I have read').check();
	await expect(async () => {
		await page.reload();
		await expect(page.getByLabel('Tell me about')).toHaveValue('nothing');
		await expect(page.getByLabel('In the topic “Keys”')).toHaveValue('mentions');
		await expect(page.getByLabel('The others may see how far I have read')).toBeChecked();
	}).toPass();

	await enter(ada, room.id);
	await write(ada.page, 'Who has the key?');
	await expect(ada.page.getByText(/^Seen by/)).toHaveCount(0);
	for (const person of [cleo, ben]) await enter(person, room.id);
	// Cleo has not allowed it: she is not named. Nobody is told when others read: it is asked when one looks.
	await expect(async () => {
		await ada.page.reload();
		await expect(ada.page.getByText(`Seen by ${ben.name}`, { exact: true })).toBeVisible({ timeout: 5000 });
	}).toPass();

	const names = (body: string, more: object) =>
		ada.ask('POST', `/api/rooms/${room.id}/messages/`, {
			client_id: crypto.randomUUID(),
			body,
			mentions: [ben.id],
			...more
		});
	await names('In the room', {});
	await names('In the topic', { topic: topic.id });
	await page.goto('/me/notices');
	await expect(page.getByRole('link', { name: `${ada.name} names you in ${room.title}.` })).toHaveCount(1);
	await expectAccessible(page);
});

test('who does not want to be seen there is not, at once and in windows that are open', async ({ joins }) => {
	const { ada, ben, room } = await three(joins);
	for (const person of [ada, ben]) await enter(person, room.id);
	await expect(ben.page.getByText('2 are looking here now')).toBeVisible();
	const profile = await ada.page.context().newPage();
	await profile.goto('/me');
	await profile.getByLabel('Others in a room see when I am there and when I am writing').uncheck();
	await profile.getByRole('button', { name: 'Save profile' }).click();
	await expect(profile.getByText('Profile saved')).toBeVisible();
	await expect(ben.page.getByText(/are looking here now/)).toHaveCount(0);
	// Who hides still sees that somebody else is there, and is heard as before.
	await enter(ada, room.id);
	await expect(ada.page.getByText('1 is looking here now')).toBeVisible();
	await box(ada.page).pressSequentially('Unseen');
	await box(ada.page).press('Enter');
	await expect(line(ben.page, 'Unseen')).toBeVisible();
	await expect(ben.page.getByText(/is writing/)).toHaveCount(0);
});

test('topics keep apart what is said, and are read apart', async ({ joins }) => {
	const { ada, ben, room } = await three(joins);
	await enter(ada, room.id);
	await write(ada.page, 'Good morning all');
	await ada.page.getByRole('button', { name: 'New topic' }).click();
	await sheet(ada.page).getByLabel('Name of the topic').fill('Saws');
	await sheet(ada.page).getByRole('button', { name: 'Open topic' }).click();
	await expect(sheet(ada.page)).toHaveCount(0);
	await expect(ada.page.getByRole('textbox', { name: 'Write in “Saws”' })).toBeVisible();
	await expect(line(ada.page, 'Good morning all')).toHaveCount(0);
	await write(ada.page, 'Which blade for oak?');

	// Who comes by the address of a topic has read that topic, and nothing else.
	type Counted = { id: number; unread: number }[];
	const topic = async () => (await ben.ask<Counted>('GET', `/api/rooms/${room.id}/topics/`))[0];
	const unread = async () => (await ben.ask<Counted>('GET', '/api/rooms/')).find(({ id }) => id === room.id)?.unread;
	await expect.poll(unread).toBe(2);
	const saws = await topic();
	await ben.page.goto(`/chats?room=${room.id}&topic=${saws?.id}`);
	await expect(line(ben.page, 'Which blade for oak?')).toBeVisible();
	await expect(line(ben.page, 'Good morning all')).toHaveCount(0);
	await expect.poll(unread).toBe(1);
	await write(ben.page, 'The fine one');
	await expect(line(ada.page, 'The fine one')).toBeVisible();

	const topics = ben.page.getByRole('navigation', { name: 'Topics' });
	await topics.getByRole('button', { name: 'Everything' }).click();
	await expect(line(ben.page, 'Good morning all')).toBeVisible();
	await expect(line(ben.page, 'The fine one')).toBeVisible();
	await expect.poll(unread).toBe(0);

	// What is said in a topic that is not looked at is counted there, until it or everything is looked at.
	await ben.ask('POST', `/api/rooms/${room.id}/topics/`, { title: 'Glue' });
	await topics.getByRole('button', { name: 'Glue' }).click();
	await expect(topics.getByRole('button', { name: 'Glue', pressed: true })).toBeVisible();
	await write(ada.page, 'And which for pine?');
	await expect(topics.getByRole('button', { name: /Saws.*1 unread/ })).toBeVisible();
	await topics.getByRole('button', { name: 'Everything' }).click();
	await expect(topics.getByRole('button', { name: 'Saws', exact: true })).toBeVisible();
	await expect.poll(unread).toBe(0);
});

test('who is named with @ finds it, and what is important is acknowledged', async ({ joins }) => {
	const { ada, ben, room } = await three(joins);
	await enter(ada, room.id);
	await box(ada.page).pressSequentially(`Look here @${ben.name.slice(0, 7)}`);
	const people = ada.page.getByRole('listbox', { name: 'People to name' });
	await expect(people.getByRole('option', { name: ben.name })).toHaveAttribute('aria-selected', 'true');
	await ada.page.keyboard.press('Enter');
	await expect(box(ada.page)).toHaveValue(`Look here @${ben.name} `);
	await ada.page.getByRole('button', { name: 'Language and importance' }).click();
	await ada.page.getByLabel(/^Important/).check();
	await box(ada.page).press('Enter');
	await expect(line(ada.page, 'Look here')).toContainText('0 people have read it');

	await ben.page.goto('/me/notices');
	await expect(ben.page.getByRole('link', { name: `${ada.name} names you in ${room.title}.` })).toBeVisible();
	await ben.page.goto('/chats/mentions');
	await ben.page.getByRole('link', { name: `Show it in ${room.title}` }).click();
	await line(ben.page, 'Look here').getByRole('button', { name: 'I have read this' }).click();
	await expect(line(ada.page, 'Look here')).toContainText('1 person has read it');
	await ben.page.reload();
	await expect(line(ben.page, 'Look here')).toContainText('You have said that you read this');
	await expect(line(ben.page, 'Look here').getByRole('button', { name: 'I have read this' })).toHaveCount(0);
});

test('pictures are seen, files are kept, and what is refused says why', async ({ joins }) => {
	const { ada, ben, room } = await three(joins);
	for (const person of [ada, ben]) await enter(person, room.id);
	const files = ada.page.getByLabel('Add pictures or files');
	await files.setInputFiles([
		{ name: 'square.png', mimeType: 'image/png', buffer: png(64) },
		{ name: 'list.txt', mimeType: 'text/plain', buffer: Buffer.from('two screws\n') }
	]);
	await write(ada.page, 'As promised');
	const picture = line(ben.page, 'As promised').getByRole('img', { name: 'Picture: square.png' });
	await expect(picture).toBeVisible();
	await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(64);
	const arriving = ben.page.waitForEvent('download');
	await line(ben.page, 'As promised')
		.getByRole('link', { name: /list\.txt/ })
		.click();
	expect((await arriving).suggestedFilename()).toBe('list.txt');

	const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
	await files.setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: svg });
	await box(ada.page).press('Enter');
	const refused = line(ada.page, 'logo.svg');
	await expect(refused).toContainText('Files of this kind are not sent here');
	await refused.getByRole('button', { name: 'Try again' }).click();
	await expect(refused).toContainText('Files of this kind are not sent here');
	await refused.getByRole('button', { name: 'Discard' }).click();
	await expect(line(ada.page, 'logo.svg')).toHaveCount(0);
});

test('what was said is found by words and room, and by its day', async ({ joins }) => {
	const { ada, ben, room } = await three(joins);
	await say(ada, room.id, 'Bring the chisels on Friday');
	for (let place = 1; place < 90; place++) await say(place % 2 ? ben : ada, room.id, `Line ${place}`);
	const { page } = ben;
	await page.goto(`/chats/search?room=${room.id}`);
	await page.getByRole('searchbox', { name: 'Words' }).fill('chisels');
	await page.getByRole('button', { name: 'Search', exact: true }).click();
	await page.getByRole('link', { name: `Show it in ${room.title}` }).click();
	await expect(line(page, 'Bring the chisels')).toBeInViewport();
	await page.getByRole('button', { name: 'Back to now' }).click();
	await expect(log(page).getByText('Line 89', { exact: true })).toBeInViewport();

	await page.getByRole('button', { name: 'Go to a day' }).click();
	await sheet(page).getByRole('button', { name: 'Go there' }).click();
	await expect(line(page, 'Bring the chisels')).toBeInViewport();
	await page.getByRole('button', { name: 'Back to now' }).click();
	await expect(log(page).getByText('Line 89', { exact: true })).toBeInViewport();
});

test('a room is opened, found and entered', async ({ joins }) => {
	const [ada, ben] = [await joins({ name: 'Ada' }), await joins({ name: 'Ben' })];
	const title = `Across the border ${unique()}`;
	await ada.page.goto('/chats/find');
	await ada.page.getByRole('button', { name: 'Open a room' }).first().click();
	await sheet(ada.page).getByLabel('Name of the room').fill(title);
	await sheet(ada.page).getByLabel('What it is for').fill('Working in two countries');
	await expectAccessible(ada.page);
	await sheet(ada.page).getByRole('button', { name: 'Open it' }).click();
	await expect(ada.page.getByRole('heading', { level: 1, name: title })).toBeVisible();

	await ben.page.goto('/chats/find');
	await ben.page.getByRole('searchbox', { name: 'What is it about?' }).fill(title);
	await ben.page.getByRole('button', { name: new RegExp(`^Come in ?: ${title}$`) }).click();
	await expect(ben.page.getByRole('heading', { level: 1, name: title })).toBeVisible();
	await write(ben.page, 'Hello from over there');
	await expect(line(ada.page, 'Hello from over there')).toBeVisible();
});

test('on a phone one reacts and answers with a thumb', async ({ joins, as }) => {
	const { ada, ben, room } = await three(joins);
	await say(ben, room.id, 'Who has a long ladder?');
	const page = await as(ada.email, PHONE);
	await page.goto(`/chats?room=${room.id}`);
	await line(page, 'long ladder')
		.getByRole('button', { name: /^More: / })
		.tap();
	await sheet(page).getByRole('button', { name: 'React with 👍' }).tap();
	await expect(line(page, 'long ladder').getByRole('button', { name: '👍, 1 person' })).toBeVisible();
	await line(page, 'long ladder')
		.getByRole('button', { name: /^More: / })
		.tap();
	await sheet(page).getByRole('button', { name: 'Reply', exact: true }).tap();
	await box(page).fill('I do');
	await page.getByRole('button', { name: 'Send' }).tap();
	await expect(line(page, 'I do')).toContainText('Who has a long ladder?');
	await expectNoSidewaysScroll(page);
});

test('by keyboard alone one reacts and answers', async ({ joins }) => {
	const { ada, ben, room } = await three(joins);
	await say(ben, room.id, 'Who has a long ladder?');
	await enter(ada, room.id);
	const { page } = ada;
	const openSheet = async () => {
		await box(page).focus();
		await tabBack(page, line(page, 'long ladder').getByRole('button', { name: /^More: / }));
		await page.keyboard.press('Enter');
	};
	await openSheet();
	await tabBack(page, sheet(page).getByRole('button', { name: 'React with 👍' }), 'Tab');
	await page.keyboard.press('Enter');
	await expect(line(page, 'long ladder').getByRole('button', { name: '👍, 1 person' })).toBeVisible();
	await openSheet();
	await tabBack(page, sheet(page).getByRole('button', { name: 'Reply', exact: true }), 'Tab');
	await page.keyboard.press('Enter');
	await expect(box(page)).toBeFocused();
	await page.keyboard.type('I do');
	await page.keyboard.press('Enter');
	await expect(line(page, 'I do')).toContainText('Who has a long ladder?');
});

/** Press Shift+Tab (or Tab) until this has the focus. */
async function tabBack(page: Page, goal: Locator, key = 'Shift+Tab'): Promise<void> {
	await expect(goal).toBeVisible();
	for (let stop = 0; stop < 60; stop++) {
		if (await goal.evaluate((element) => element === document.activeElement)) return;
		await page.keyboard.press(key);
	}
	await expect(goal, 'reached by keyboard').toBeFocused();
}
