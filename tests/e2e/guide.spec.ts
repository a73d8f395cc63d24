/** Asking for guidance: why these two, the request, the answer as it comes, and the first words. */
import { expect, expectNoSidewaysScroll } from './story.ts';
import { type Person, test } from './people.ts';

const bell = (person: Person) => person.page.getByRole('link', { name: /^News for you/ });
const card = (person: Person, of: Person) =>
	person.page.getByRole('listitem').filter({ has: person.page.getByRole('heading', { name: of.name }) });

async function askFor(mentee: Person, mentor: Person, message: string): Promise<void> {
	await mentee.page.goto(`/members/person?id=${mentor.id}`);
	await mentee.page.getByRole('button', { name: `Ask ${mentor.name} to guide you` }).click();
	const dialog = mentee.page.getByRole('dialog', { name: `Ask ${mentor.name}` });
	await dialog.getByLabel('Your message').fill(message);
	await dialog.getByRole('button', { name: 'Send the request' }).click();
	await expect(mentee.page.getByText(`Request sent to ${mentor.name}`)).toBeVisible();
}

test('suggestions say why in a sentence, and the reasons add up, on a narrow screen too', async ({
	joins,
	baseURL
}) => {
	const mentee = await joins({
		name: 'Mira Zoekt',
		speaks: { en: 6, nl: 7 },
		wants: ['bookkeeping', 'pricing your work', 'income tax return']
	});
	const { page } = mentee;
	await page.goto('/members/guides');
	const cards = page
		.getByRole('list')
		.filter({ has: page.getByText('Why? Show how it adds up') })
		.getByRole('listitem');
	await expect(cards.nth(2)).toBeVisible();
	for (const card of [cards.nth(0), cards.nth(2)]) {
		await expect(card.getByRole('paragraph').nth(1)).toHaveText(/\w+ .*\w+/);
		await card.getByText('Why? Show how it adds up').click();
		const rows = await card.getByRole('row').allInnerTexts();
		const points = rows
			.slice(1, -1)
			.map((row) => Number(/(-?[\d,]+)(?: of [\d,]+)?\s*$/.exec(row)?.[1]?.replace(',', '')));
		const total = Number(/([\d,]+) of 1,000 points/.exec(rows.at(-1) ?? '')?.[1]?.replace(',', ''));
		expect(points.length).toBeGreaterThan(1);
		expect(points.reduce((sum, one) => sum + one, 0)).toBe(total);
	}

	// One word, and the longest: Einkommensteuererklärung.
	await page.context().addCookies([{ name: 'lang', value: 'de', url: baseURL ?? '' }]);
	await page.setViewportSize({ width: 320, height: 700 });
	await page.reload();
	await page.getByText('Warum? Rechnung zeigen').first().click();
	await expect(page.getByRole('cell', { name: /Einkommensteuererklärung/ }).first()).toBeVisible();
	await expectNoSidewaysScroll(page);
});

test('a request is seen at once, accepted, heard of at once, and the two talk', async ({ joins }) => {
	const mentor = await joins({ name: 'Greet Gids', guides: 1, offers: ['bookkeeping'], speaks: { en: 6, nl: 7 } });
	const mentee = await joins({ name: 'Nora Nieuw', wants: ['bookkeeping'], speaks: { en: 6, nl: 7 } });
	await mentor.page.goto('/');
	await expect(bell(mentor)).toHaveAccessibleName('News for you: 0 new');
	await askFor(mentee, mentor, 'I sent my first invoices and would like to check my figures with you.');

	await expect(bell(mentor)).toHaveAccessibleName('News for you: 1 new');
	await bell(mentor).click();
	await mentor.page.getByRole('link', { name: `${mentee.name} asks you for guidance.` }).click();
	await expect(card(mentor, mentee).getByText('check my figures')).toBeVisible();
	await expect(card(mentor, mentee).getByText('bookkeeping')).toBeVisible();

	await mentee.page.goto('/members/guidance');
	await expect(card(mentee, mentor).getByText('waiting for an answer')).toBeVisible();
	await card(mentor, mentee).getByRole('button', { name: 'Accept' }).click();
	await expect(bell(mentee)).toHaveAccessibleName('News for you: 1 new');
	await expect(mentee.page.getByRole('heading', { name: `${mentor.name} guides you` })).toBeVisible();

	await card(mentee, mentor).getByRole('link', { name: 'Open the room' }).first().click();
	await card(mentor, mentee).getByRole('link', { name: 'Open the room' }).first().click();
	for (const { page } of [mentor, mentee]) await expect(page.getByText('Connected', { exact: true })).toBeVisible();
	for (const [from, to, words] of [
		[mentee, mentor, 'Hello! Shall we begin on Monday?'],
		[mentor, mentee, 'Monday at ten suits me.']
	] as const) {
		await from.page.getByLabel('Write to everyone here').fill(words);
		await from.page.getByRole('button', { name: 'Send' }).click();
		await expect(to.page.getByRole('log').getByText(words)).toBeVisible();
	}
});

test('a guide without time declines with a reason, which the other reads', async ({ joins }) => {
	const mentor = await joins({ name: 'Veerle Vol', guides: 2, offers: ['pricing your work'] });
	const mentee = await joins({ name: 'Otto Vraagt', wants: ['pricing your work'] });
	await mentee.page.goto(`/members/person?id=${mentor.id}`);
	await mentee.page.getByRole('button', { name: `Ask ${mentor.name} to guide you` }).click();
	const asking = mentee.page.getByRole('dialog');
	await asking.getByLabel('Your message').fill('Hi');
	await asking.getByRole('button', { name: 'Send the request' }).click();
	await expect(asking.getByLabel('Your message')).toHaveAccessibleDescription(/too short|a little more/i);
	await asking.getByLabel('Your message').fill('May I show you my price list this month?');
	await asking.getByRole('button', { name: 'Send the request' }).click();

	await mentor.page.goto('/members/guidance');
	await mentee.page.goto('/members/guidance');
	await card(mentor, mentee).getByRole('button', { name: 'Decline' }).click();
	const dialog = mentor.page.getByRole('dialog', { name: 'Decline this request' });
	await dialog.getByLabel('Reason').selectOption('I know someone who fits better');
	await dialog.getByLabel('A word to them').fill('Ask Ine, she has just finished hers.');
	await dialog.getByRole('button', { name: 'Decline' }).click();
	await expect(
		card(mentee, mentor).getByText('I know someone who fits better. Ask Ine, she has just finished hers.')
	).toBeVisible();
	await expect(bell(mentee)).toHaveAccessibleName('News for you: 1 new');
});

test('three answers become the message, and after a no the wish goes on to the next choice', async ({ joins }) => {
	const mentor = await joins({ name: 'Gust Gids', guides: 1, offers: ['bookkeeping'], speaks: { en: 6, nl: 7 } });
	const mentee = await joins({ name: 'Wies Wenst', wants: ['bookkeeping'], speaks: { en: 6, nl: 7 } });
	await mentee.page.goto(`/members/person?id=${mentor.id}`);
	await mentee.page.getByRole('button', { name: `Ask ${mentor.name} to guide you` }).click();
	const dialog = mentee.page.getByRole('dialog', { name: `Ask ${mentor.name}` });
	await dialog.getByText('Help me begin').click();
	await dialog.getByLabel('Where do you stand?').fill('I sent my first invoices.');
	await dialog.getByLabel('How and when could you talk?').fill('Online, on Mondays.');
	await expect(dialog.getByLabel('Your message')).toHaveValue('I sent my first invoices.\n\nOnline, on Mondays.');
	await dialog.getByText('If the answer is no').click();
	const next = dialog.locator('details').last().locator('label').last();
	const name = (await next.innerText()).trim();
	await next.getByRole('checkbox').check();
	await dialog.getByRole('button', { name: 'Send the request' }).click();
	await expect(mentee.page.getByText(`Request sent to ${mentor.name}`)).toBeVisible();
	await mentee.page.goto('/members/guidance');
	await expect(card(mentee, mentor).getByText(`Then: ${name}`)).toBeVisible();

	await mentor.page.goto('/members/guidance');
	await card(mentor, mentee).getByRole('button', { name: 'Decline' }).click();
	await mentor.page.getByRole('dialog').getByRole('button', { name: 'Decline' }).click();
	await expect(mentee.page.getByRole('heading', { level: 3, name })).toBeVisible();
	await bell(mentee).click();
	await expect(mentee.page.getByText(`Your request went on to ${name}, as you wished.`)).toBeVisible();
});

test('an open hour goes to whoever comes first, who is told where to meet', async ({ joins }) => {
	const guide = await joins({ name: 'Olle Open' });
	const guest = await joins({ name: 'Gina Gast' });
	await guide.page.goto('/members/hours');
	await guide.page.getByRole('button', { name: 'Keep an hour open' }).click();
	await guide.page.getByRole('dialog').getByLabel('Meeting link').fill('https://meet.example/olle');
	await guide.page.getByRole('dialog').getByRole('button', { name: 'Keep an hour open' }).click();
	await expect(guide.page.getByText('Nobody has taken it yet')).toBeVisible();

	await guest.page.goto('/members/hours');
	await card(guest, guide).getByRole('button', { name: 'Take it' }).click();
	const dialog = guest.page.getByRole('dialog', { name: `Open hour with ${guide.name}` });
	await dialog.getByLabel('What would you like to talk about?').fill('How do I set my price?');
	await dialog.getByRole('button', { name: 'Take it' }).click();
	await expect(guest.page.getByRole('link', { name: 'Meeting link' })).toHaveAttribute('href', /meet.example/);
	await expect(guide.page.getByText('How do I set my price?')).toBeVisible();
});
