/** What the server refuses, in the reader's words: its codes are stable, its sentences are ours (catalogue `errors_<code>`). */
import { m, sentence } from '#lib/i18n/index.ts';

export interface FieldError {
	code: string;
	detail: string;
	[extra: string]: unknown;
}

export interface ErrorBody {
	code: string;
	detail: string;
	fields?: Record<string, FieldError[]>;
	[extra: string]: unknown;
}

export class ApiError extends Error {
	readonly code: string;
	readonly fields: Record<string, FieldError[]>;
	readonly body: ErrorBody;
	readonly status: number;

	constructor(status: number, body: ErrorBody) {
		super(body.code);
		this.status = status;
		this.body = body;
		this.code = body.code;
		this.fields = body.fields ?? {};
	}

	/** One sentence for the whole form or page. */
	get words(): string {
		const whole = this.fields['']?.[0];
		return whole ? inWords(whole) : inWords(this.body);
	}

	/** What is wrong with one field (`languages` also finds `languages.0.code`); empty when nothing is. */
	field(name: string): string {
		const key = Object.keys(this.fields).find((path) => path === name || path.startsWith(`${name}.`));
		const first = key === undefined ? undefined : this.fields[key]?.[0];
		return first ? inWords(first) : '';
	}
}

/** A code in the reader's language; the server's own sentence where we have none. */
export function inWords(error: { code: string; detail?: string }): string {
	return sentence(`errors_${error.code}`) ?? (error.detail || m.errors_failed());
}

/** Whatever was thrown, as an error that can be shown. */
export function asApiError(thrown: unknown): ApiError {
	if (thrown instanceof ApiError) return thrown;
	return new ApiError(0, { code: navigator.onLine === false ? 'offline' : 'failed', detail: '' });
}
