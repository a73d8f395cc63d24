import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import BookingForm from '#lib/features/bookings/BookingForm.svelte';
import { draftAt } from '#lib/features/bookings/draft.ts';
import { DAY, room, speakEnglish } from './things.ts';

interface Sent {
	method: string;
	path: string;
	key: string | null;
	body: Record<string, unknown>;
}
let sent: Sent[] = [];
/** What the server answers to each POST of a booking, in order; `lost` never arrives. */
let answers: ([number, unknown] | 'lost')[] = [];

const FREE = { cost_cents: 0, cost_credits: 0, deposit_cents: 0, currency: 'EUR', needs_approval: false };
/** What the server answers when it is asked what a wish would come to. */
let checks: [number, unknown][] = [];

const json = (status: number, body: unknown) =>
	new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

async function answer(request: Request): Promise<Response> {
	const { pathname } = new URL(request.url, 'http://localhost');
	if (request.method === 'GET' && pathname === '/api/collectives/')
		return json(200, { next: null, previous: null, results: [{ id: 4, name: 'Onderweg', my_state: 'member' }] });
	if (request.method === 'GET')
		return json(200, { ...room({ id: 2, name: 'Meeting room Leie' }), house_rules: '', address: '' });
	if (pathname === '/api/bookings/check/') return json(...(checks.shift() ?? [200, FREE]));
	const body = (await request.json()) as Record<string, unknown>;
	sent.push({ method: request.method, path: pathname, key: request.headers.get('Idempotency-Key'), body });
	const next = answers.shift() ?? [201, { id: 9 }];
	if (next === 'lost') throw new TypeError('network');
	return json(...next);
}

beforeAll(speakEnglish);
beforeEach(() => {
	sent = [];
	answers = [];
	checks = [];
	vi.stubGlobal('fetch', answer);
});
afterEach(() => vi.unstubAllGlobals());

function open() {
	const onsaved = vi.fn();
	render(BookingForm, { resource: room(), start: draftAt(room(), DAY, 600), onsaved, oncancel: vi.fn() });
	return { onsaved, user: userEvent.setup() };
}
const save = () => screen.getByRole('button', { name: 'Save booking' });

test('a wish is sent on the clock of the place, for a collective, and saved', async () => {
	const { onsaved, user } = open();
	await user.type(screen.getByLabelText('What for'), 'Rehearsal');
	await user.selectOptions(await screen.findByLabelText('For whom'), 'Onderweg');
	await user.selectOptions(screen.getByLabelText('From'), '14:00');
	await user.click(save());
	await waitFor(() => expect(onsaved).toHaveBeenCalledOnce());
	expect(sent[0]?.body).toEqual({
		items: [{ resource: 1, quantity: 1 }],
		starts_at: `${DAY}T14:00`,
		ends_at: `${DAY}T16:00`,
		title: 'Rehearsal',
		note: '',
		collective: 4
	});
});

test('the same wish keeps its key until something in it changes', async () => {
	answers = ['lost', 'lost', 'lost'];
	const { user } = open();
	await user.click(save());
	await screen.findByRole('alert');
	await user.click(save());
	await waitFor(() => expect(sent).toHaveLength(2));
	await user.type(screen.getByLabelText('What for'), 'x');
	await user.click(save());
	await waitFor(() => expect(sent).toHaveLength(3));
	expect(sent[0]?.key).toBeTruthy();
	expect(sent[1]?.key).toBe(sent[0]?.key);
	expect(sent[2]?.key).not.toBe(sent[0]?.key);
});

test('what is wrong stands under its field, which gets the focus, and what was typed stays', async () => {
	const problem = { code: 'too_long', detail: '', max_minutes: 600 };
	answers = [[400, { code: 'invalid', detail: '', fields: { ends_at: [problem] } }]];
	const { onsaved, user } = open();
	await user.type(screen.getByLabelText('What for'), 'Rehearsal');
	await user.click(save());
	const until = () => screen.getByLabelText('Until');
	await waitFor(() => expect(until()).toHaveAttribute('aria-invalid', 'true'));
	expect(until()).toHaveAccessibleDescription('Book 10 hours at most.');
	await waitFor(() => expect(until()).toHaveFocus());
	expect(screen.getByLabelText('What for')).toHaveValue('Rehearsal');
	expect(onsaved).not.toHaveBeenCalled();
});

test('a taken time offers what is free instead, and choosing it fills the form', async () => {
	const alternatives = [
		{ starts_at: `${DAY}T13:00:00Z`, ends_at: `${DAY}T15:00:00Z`, resources: [{ id: 1, name: 'Meeting room Zenne' }] },
		{ starts_at: `${DAY}T09:00:00Z`, ends_at: `${DAY}T11:00:00Z`, resources: [{ id: 2, name: 'Meeting room Leie' }] }
	];
	answers = [[409, { code: 'slot_taken', detail: '', conflicts: [], alternatives }]];
	const { user } = open();
	await user.type(screen.getByLabelText('What for'), 'Rehearsal');
	await user.click(save());
	await user.click(await screen.findByRole('button', { name: /^Tuesday 24 November, 14:00–16:00/ }));
	await waitFor(() => expect(screen.getByLabelText('From')).toHaveValue('14:00'));
	expect(screen.getByLabelText('Until')).toHaveValue('16:00');
	expect(screen.queryByText(/Someone has booked this already/)).toBeNull();
	await user.click(save());
	await waitFor(() => expect(sent).toHaveLength(2));
	expect(sent[1]?.body).toMatchObject({
		items: [{ resource: 1, quantity: 1 }],
		starts_at: `${DAY}T13:00:00Z`,
		title: 'Rehearsal'
	});
});

test('an alternative in another room books that room', async () => {
	const other = {
		starts_at: `${DAY}T09:00:00Z`,
		ends_at: `${DAY}T11:00:00Z`,
		resources: [{ id: 2, name: 'Meeting room Leie' }]
	};
	answers = [[409, { code: 'slot_taken', detail: '', conflicts: [], alternatives: [other] }]];
	const { user } = open();
	await user.click(save());
	await user.click(await screen.findByRole('button', { name: /^Meeting room Leie: / }));
	await waitFor(() => expect(screen.queryByText(/Someone has booked this already/)).toBeNull());
	await user.click(save());
	await waitFor(() => expect(sent).toHaveLength(2));
	expect(sent[1]?.body).toMatchObject({ items: [{ resource: 2, quantity: 1 }], starts_at: `${DAY}T09:00:00Z` });
});

test('what would be refused is said before it is sent, and goes when it would be granted', async () => {
	const problem = { code: 'quota_reached', detail: '', counted: 'bookings', most: 2 };
	checks = [[400, { code: 'invalid', detail: '', fields: { starts_at: [problem] } }]];
	const { user } = open();
	expect(await screen.findByText('You have reached the limit: 2 bookings.')).toBeVisible();
	expect(sent).toHaveLength(0);
	await user.selectOptions(screen.getByLabelText('From'), '14:00');
	await waitFor(() => expect(screen.queryByText('You have reached the limit: 2 bookings.')).toBeNull());
});

test('what it costs and that a host looks at it is said beforehand', async () => {
	checks = [[200, { ...FREE, cost_cents: 1250, needs_approval: true }]];
	open();
	expect(await screen.findByText(/Contribution: €12.50 · A host will look at it first/)).toBeVisible();
});

test('a refusal that belongs to no field is where one is after sending', async () => {
	answers = [[400, { code: 'invalid', detail: '', fields: { resources: [{ code: 'not_for_you', detail: '' }] } }]];
	const { user } = open();
	await user.click(save());
	await waitFor(() => expect(screen.getByRole('alert')).toHaveFocus());
});
