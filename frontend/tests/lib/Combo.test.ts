import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import Combo from '#lib/ui/Combo.svelte';

const ALL = ['Carpentry', 'Legal advice', 'Translation'];
const search = (typed: string) =>
	ALL.filter((label) => label.toLowerCase().includes(typed.toLowerCase())).map((label) => ({ value: label, label }));

test('filters while one types, says how many, and picks by keyboard', async () => {
	const onpick = vi.fn();
	render(Combo, { label: 'Skill', search, onpick });
	const user = userEvent.setup();
	const box = screen.getByRole('combobox', { name: 'Skill' });
	await user.type(box, 'tra');
	expect((await screen.findAllByRole('option')).map((option) => option.textContent?.trim())).toEqual(['Translation']);
	expect(screen.getByRole('status')).toHaveTextContent('1 suggestion');
	await user.keyboard('{ArrowDown}{Enter}');
	expect(onpick).toHaveBeenCalledExactlyOnceWith({ value: 'Translation', label: 'Translation' });
	expect(box).toHaveValue('');
});

test('offers to make what is not there', async () => {
	const pick = vi.fn();
	const create = { label: (typed: string) => `Add ${typed}`, pick };
	render(Combo, { label: 'Skill', search, onpick: () => {}, create });
	const user = userEvent.setup();
	await user.type(screen.getByRole('combobox'), 'juggling');
	await user.click(await screen.findByRole('option', { name: 'Add juggling' }));
	expect(pick).toHaveBeenCalledExactlyOnceWith('juggling');
});

test('offers to make nothing that is there already', async () => {
	const create = { label: (typed: string) => `Add ${typed}`, pick: vi.fn() };
	render(Combo, { label: 'Skill', search, onpick: () => {}, create });
	const user = userEvent.setup();
	await user.type(screen.getByRole('combobox'), 'translation');
	expect((await screen.findAllByRole('option')).map((option) => option.textContent?.trim())).toEqual(['Translation']);
	await user.type(screen.getByRole('combobox'), 's');
	expect(await screen.findByRole('option', { name: 'Add translations' })).toBeInTheDocument();
});

test('Escape closes the list and keeps what was typed', async () => {
	render(Combo, { label: 'Skill', search, onpick: () => {} });
	const user = userEvent.setup();
	const box = screen.getByRole('combobox');
	await user.type(box, 'le');
	await screen.findByRole('option');
	await user.keyboard('{Escape}');
	expect(box).toHaveAttribute('aria-expanded', 'false');
	expect(box).toHaveValue('le');
});

test('a value that arrives while one types does not mix with what is typed', async () => {
	const { rerender } = render(Combo, { label: 'Skill', search, onpick: () => {}, value: '' });
	const user = userEvent.setup();
	const box = screen.getByRole('combobox');
	await user.click(box);
	await rerender({ value: 'Carpentry' });
	expect(box).toHaveValue('');
	await user.tab();
	expect(box).toHaveValue('Carpentry');
});

test('an answer that comes late keeps the option one has moved to', async () => {
	const answers: ((found: ReturnType<typeof search>) => void)[] = [];
	const late = () => new Promise<ReturnType<typeof search>>((resolve) => answers.push(resolve));
	render(Combo, { label: 'Skill', search: late, onpick: () => {} });
	const user = userEvent.setup();
	await user.type(screen.getByRole('combobox'), 't');
	answers.at(-1)?.(search('t'));
	await screen.findAllByRole('option');
	await user.keyboard('r{ArrowDown}');
	expect(screen.getByRole('option', { selected: true })).toHaveTextContent('Carpentry');
	answers.at(-1)?.(search('r'));
	await vi.waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(2));
	expect(screen.getByRole('option', { selected: true })).toHaveTextContent('Carpentry');
});
