/** Rooms that are looked after: who may speak and hear there, what is hidden, and whom one does not want to read. */
import { type Person, say, test } from './people.ts';
import { box, enter, line, log, more, sheet, three, write } from './room.ts';
import { expect, expectAccessible } from './story.ts';

test('who is removed hears nothing more; muting, pausing and slow mode say what they are', async ({ joins }) => {
	const { ada, ben, cleo, room } = await three(joins);
	for (const person of [ben, cleo]) await enter(person, room.id);
	const { page } = ada;
	const lookAfter = async (person: Person) => {
		await page.goto(`/chats/room?id=${room.id}`);
		await page.getByRole('button', { name: `What to do about ${person.name}` }).click();
	};
	await lookAfter(cleo);
	await sheet(page).getByLabel('Remove from the room').check();
	await sheet(page).getByLabel('Which rule was broken?').selectOption('We speak with respect');
	await sheet(page).getByRole('button', { name: 'Remove from the room' }).click();
	await expect(cleo.page.getByText('You are no longer in this room.')).toBeVisible();
	await say(ben, room.id, 'Now between us');
	await expect(line(ben.page, 'Now between us')).toBeVisible();
	await expect(cleo.page.getByText('Now between us')).toHaveCount(0);

	await lookAfter(ben);
	await sheet(page).getByLabel('Which rule was broken?').selectOption('No advertising');
	await sheet(page).getByRole('button', { name: 'Ask to be silent for a while' }).click();
	await expect(ben.page.getByText(/^You were asked to be silent here until/)).toBeVisible();
	await lookAfter(ben);
	await sheet(page).getByRole('button', { name: 'Let them write again' }).click();
	await expect(box(ben.page)).toBeVisible();

	await page.getByRole('button', { name: 'Pause the room' }).click();
	await expect(ben.page.getByText(/^The room is paused/)).toBeVisible();
	await page.getByRole('button', { name: 'Open the room again' }).click();
	await expect(box(ben.page)).toBeVisible();

	await page.getByLabel('Slow mode').selectOption('10 seconds');
	await page.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByText('Saved', { exact: true })).toBeVisible();
	await write(ben.page, 'First of two');
	await write(ben.page, 'Second of two');
	await expect(line(ben.page, 'Second of two')).toContainText(/waits until/);
	await enter(ada, room.id);
	await expect(line(page, 'Second of two')).toBeVisible({ timeout: 20_000 });
});

test('what is reported reaches the steward, who hides it for everyone', async ({ joins }) => {
	const { ada, ben, cleo, room } = await three(joins);
	for (const person of [ben, cleo]) await enter(person, room.id);
	await write(ben.page, 'Buy my miracle glue');
	await more(cleo.page, 'miracle glue', 'Report message');
	await sheet(cleo.page).getByLabel('Which rule was broken?').selectOption('No advertising');
	await expectAccessible(cleo.page);
	await sheet(cleo.page).getByRole('button', { name: 'Report message' }).click();
	await expect(cleo.page.getByText('Message reported')).toBeVisible();

	await ada.page.goto('/me/notices');
	await ada.page.getByRole('link', { name: /^A message was reported in .*: No advertising/ }).click();
	await ada.page.getByRole('button', { name: 'A rule was broken: hide it' }).click();
	for (const { page } of [ben, cleo]) {
		await expect(log(page).getByText('A steward hid this message.')).toBeVisible();
		await expect(log(page).getByText('miracle glue')).toHaveCount(0);
	}
	await expect(ada.page.getByText('A rule was broken.', { exact: true })).toBeVisible();
	await ada.page.getByText('Record of the room').click();
	await expect(ada.page.getByText(/hid a message: No advertising/)).toBeVisible();

	// A steward who thinks better of it shows it again, for everyone.
	await enter(ada, room.id);
	await more(ada.page, 'A steward hid this message.');
	await sheet(ada.page).getByRole('button', { name: 'Show it again' }).click();
	for (const { page } of [ada, ben, cleo]) await expect(log(page).getByText('Buy my miracle glue')).toBeVisible();

	await cleo.page.goto(`/chats/room?id=${room.id}`);
	await cleo.page.getByRole('button', { name: 'Leave the room' }).click();
	await expect(cleo.page.getByRole('heading', { level: 1, name: 'Conversations' })).toBeVisible();
	await expect(line(ben.page, `${cleo.name} went out`)).toBeVisible();
});

test('whom I block is folded at once, and can be read all the same', async ({ joins }) => {
	const { ada, ben, room } = await three(joins);
	await enter(ada, room.id);
	await say(ben, room.id, 'You again');
	await more(ada.page, 'You again', 'Block');
	await expectAccessible(ada.page);
	await sheet(ada.page).getByRole('button', { name: 'Block' }).click();
	await expect(log(ada.page).getByText('From someone you blocked.')).toBeVisible();
	await expect(log(ada.page).getByText('You again')).toHaveCount(0);
	await ada.page.getByRole('button', { name: 'Show it all the same' }).click();
	await expect(log(ada.page).getByText('You again')).toBeVisible();
});
