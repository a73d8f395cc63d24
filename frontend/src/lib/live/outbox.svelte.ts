/**
 * Messages that wait to be sent. They are kept in the browser's database, survive its closing, and are sent when the line is
 * back. The `client_id` makes sending twice harmless: the server stores a message once, and a file once.
 */
import type { IDBPDatabase } from 'idb';
import { api, must } from '#lib/api/client.ts';
import { ApiError } from '#lib/api/errors.ts';
import type { Event, Pending, PendingFile } from './merge.ts';

const STORE = 'messages';
/** Refusals that time heals: the message goes on waiting, and with it those after it in the same room. */
const WAITING = ['too_many_requests', 'slow_mode', 'try_again'];

export type Written = Omit<Pending, 'client_id' | 'written_at' | 'failed' | 'files'> & { files?: File[] };

class Outbox {
	messages = $state.raw<Pending[]>([]);
	/** Called with what the server stored. */
	onstored: (event: Event) => void = () => {};
	#owner = 0;
	#database: Promise<IDBPDatabase> | undefined;
	#flushing = false;
	#again = false;
	/** Room → the moment before which nothing more may be sent there. */
	#until = new Map<number, number>();

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

	async add({ files, ...written }: Written) {
		const message: Pending = {
			...written,
			client_id: crypto.randomUUID(),
			written_at: new Date().toISOString(),
			files: (files ?? []).map((file) => ({ client_id: crypto.randomUUID(), name: file.name, content: file }))
		};
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

	/** When a message of this room may go out, in milliseconds since 1970; 0 for at once. */
	until(room: number): number {
		return this.#until.get(room) ?? 0;
	}

	/** Send what waits, in the order in which it was written in each room; stops at the first that meets no network. */
	async flush() {
		if (this.#flushing) {
			this.#again = true;
			return;
		}
		this.#flushing = true;
		try {
			for (const message of this.messages.filter((one) => !one.failed)) {
				if (this.until(message.room) > Date.now()) continue;
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

	/** False where there is no network, so that nothing else need be tried. */
	async #send(message: Pending): Promise<boolean> {
		try {
			const attachments = await this.#filesOf(message);
			const { room, client_id, body, topic, reply_to, language, important, mentions, everyone } = message;
			const told = { client_id, body, topic, reply_to, language, important, mentions, everyone, attachments };
			const sent = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) as typeof told;
			const params = { path: { id: room } };
			this.onstored(await must(api.POST('/api/rooms/{id}/messages/', { params, body: sent })));
			await this.drop(client_id);
		} catch (error) {
			if (!(error instanceof ApiError)) return false;
			if (WAITING.includes(error.code)) this.#wait(message.room, Number(error.body['wait_seconds']) || 5);
			else if (error.status === 401 || error.status >= 500) return false;
			else await this.#change({ ...message, failed: why(error) });
		}
		return true;
	}

	/** Each file is sent before its message, and remembered, so that it is sent once. */
	async #filesOf(message: Pending): Promise<string[]> {
		const keys: string[] = [];
		for (const [place, file] of (message.files ?? []).entries()) {
			const key = file.key ?? (await this.#upload(message.room, file));
			keys.push(key);
			if (file.key) continue;
			const files = message.files!.with(place, { ...file, key });
			message = { ...message, files };
			await this.#change(message);
		}
		return keys;
	}

	async #upload(room: number, file: PendingFile): Promise<string> {
		const form = new FormData();
		form.append('client_id', file.client_id);
		form.append('file', file.content, file.name);
		const sent = api.POST('/api/rooms/{id}/attachments/', {
			params: { path: { id: room } },
			body: form as never,
			bodySerializer: (body: unknown) => body as FormData
		});
		return (await must(sent)).id;
	}

	#wait(room: number, seconds: number) {
		this.#until.set(room, Date.now() + seconds * 1000);
		this.messages = [...this.messages];
		setTimeout(() => void this.flush(), seconds * 1000 + 50);
	}

	async #change(message: Pending) {
		this.messages = this.messages.map((one) => (one.client_id === message.client_id ? message : one));
		await this.#keep(message);
	}

	async #keep(message: Pending) {
		await (await this.#database?.catch(() => undefined))?.put(STORE, message);
	}
}

/** What was refused: of a field the code of the field, since no form is there to mark it. */
function why({ code, fields }: ApiError): string {
	return Object.values(fields)[0]?.[0]?.code ?? code;
}

export const outbox = new Outbox();
