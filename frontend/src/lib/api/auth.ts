/** Signing up, in and out: allauth's own API for browsers. */
import { getLocale } from '#lib/i18n/index.ts';
import { csrfToken } from './client.ts';
import { ApiError, type FieldError } from './errors.ts';

export type Step = 'done' | 'verify_email' | 'login_by_code' | 'password_reset_by_code';

interface Answer {
	status: number;
	errors?: { code: string; message: string; param?: string }[];
	data?: { flows?: { id: string; is_pending?: boolean }[] };
}

async function call(method: string, path: string, body?: Record<string, unknown>): Promise<Step> {
	if (method !== 'GET' && !csrfToken()) await fetch('/_allauth/browser/v1/config');
	const response = await fetch(`/_allauth/browser/v1/${path}`, {
		method,
		headers: { 'Content-Type': 'application/json', 'X-CSRFToken': csrfToken(), 'Accept-Language': getLocale() },
		...(body ? { body: JSON.stringify(body) } : {})
	});
	const answer = (await response.json().catch(() => ({ status: response.status }))) as Answer;
	if (response.ok || response.status === 409) return 'done';
	const pending = answer.data?.flows?.find((flow) => flow.is_pending)?.id;
	if (response.status === 401 && pending) return pending as Step;
	if (response.status === 429) throw new ApiError(429, { code: 'too_many_requests', detail: '' });
	const fields: Record<string, FieldError[]> = {};
	for (const { code, message, param } of answer.errors ?? []) {
		(fields[param ?? ''] ??= []).push({ code, detail: message });
	}
	throw new ApiError(response.status, { code: 'failed', detail: '', fields });
}

export const auth = {
	signUp: (email: string, password: string) => call('POST', 'auth/signup', { email, password }),
	signIn: (email: string, password: string) => call('POST', 'auth/login', { email, password }),
	requestCode: (email: string) => call('POST', 'auth/code/request', { email }),
	confirmCode: (code: string) => call('POST', 'auth/code/confirm', { code: code.trim() }),
	verifyEmail: (key: string) => call('POST', 'auth/email/verify', { key: key.trim() }),
	resendVerification: () => call('POST', 'auth/email/verify/resend', {}),
	requestReset: (email: string) => call('POST', 'auth/password/request', { email }),
	reset: (key: string, password: string) => call('POST', 'auth/password/reset', { key: key.trim(), password }),
	async signOut(): Promise<void> {
		try {
			await call('DELETE', 'auth/session');
		} catch (error) {
			// 401 is how allauth says that nobody is signed in any more.
			if (!(error instanceof ApiError) || error.status !== 401) throw error;
		}
	}
};
