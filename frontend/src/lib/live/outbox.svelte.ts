/**
 * Messages that wait to be sent. They are kept in the browser's database, survive its closing, and are sent when the line is
 * back. The `client_id` makes sending twice harmless: the server stores a message once.
 */
import type { IDBPDatabase } from 'idb';
import { api, must } from '#lib/api/client.ts';
import { ApiError } from '#lib/api/errors.ts';
import type { Event, Pending } from './merge.ts';

const STORE = 'messages';

class Outbox {
	messages = $state.raw<Pending[]>([]);
	/** Called with what the server stored. */
	onstored: (event: Event) => void = () => {};
	#owner = 0;
	#database: Promise<IDBPDatabase> | undefined;
	#flushing = false;
	#again = false;

	/** Read what waits for this member; messages of someone else who used this browser stay out of sight. */
	async open(owner: number) {
		if (this.#owner === owner) return;
		this.#owner = owner;
		this.#database = import('idb').then(({ openDB }) =>
			openDB(`compagnon-outbox-${owner}`, 1, {
				upgrade: (database) => void database.createObjectStore(STORE, { keyPath: 'client_id' })
			})
		);
		this.#database.catch(() => (this.#database = undefined)); // A private window has none: kept in memory only.
		const kept = ((await (await this.#database.catch(() => undefined))?.getAll(STORE)) ?? []) as Pending[];
		this.messages = [...kept.sort((one, other) => one.written_at.localeCompare(other.written_at)), ...this.messages];
		addEventListener('online', () => void this.flush());
		void this.flush();
	}

	async add(room: number, body: string) {
		const message: Pending = { client_id: crypto.randomUUID(), room, body, written_at: new Date().toISOString() };
		this.messages = [...this.messages, message];
		await this.#keep(message);
		void this.flush();
	}

	async retry(client_id: string) {
		const message = this.messages.find((one) => one.client_id === client_id);
		if (!message) return;
		await this.#change({ ...message, failed: undefined } as Pending);
		void this.flush();
	}

	async drop(client_id: string) {
		this.messages = this.messages.filter((message) => message.client_id !== client_id);
		await (await this.#database?.catch(() => undefined))?.delete(STORE, client_id);
	}

	/** Send what waits, in the order in which it was written; stops at the first that meets no network. */
	async flush() {
		if (this.#flushing) {
			this.#again = true;
			return;
		}
		this.#flushing = true;
		try {
			for (const message of this.messages.filter((one) => !one.failed)) {
				if (!(await this.#send(message))) break;
			}
		} finally {
			this.#flushing = false;
		}
		if (this.#again) {
			this.#again = false;
			void this.flush();
		}
	}

	async #send(message: Pending): Promise<boolean> {
		const { room, client_id, body } = message;
		try {
			const event = await must(
				api.POST('/api/rooms/{id}/messages/', { params: { path: { id: room } }, body: { client_id, body } })
			);
			this.onstored(event);
			await this.drop(client_id);
		} catch (error) {
			const code = error instanceof ApiError ? error.code : 'offline';
			if (!(error instanceof ApiError) || error.status === 401 || error.status >= 500) return false;
			if (code === 'too_many_requests') {
				setTimeout(() => void this.flush(), (Number(error.body['wait_seconds']) || 5) * 1000);
				return false;
			}
			await this.#change({ ...message, failed: code });
		}
		return true;
	}

	async #change(message: Pending) {
		this.messages = this.messages.map((one) => (one.client_id === message.client_id ? message : one));
		await this.#keep(message);
	}

	async #keep(message: Pending) {
		await (await this.#database?.catch(() => undefined))?.put(STORE, message);
	}
}

export const outbox = new Outbox();
