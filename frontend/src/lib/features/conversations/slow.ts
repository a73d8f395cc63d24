/** How long each person waits between two messages, in words. */
import { m } from '#lib/i18n/index.ts';

export function slowWords(seconds: number): string {
	if (seconds === 0) return m.chats_slow_no();
	return seconds < 60 ? m.chats_slow_seconds({ count: seconds }) : m.chats_slow_minutes({ count: seconds / 60 });
}
