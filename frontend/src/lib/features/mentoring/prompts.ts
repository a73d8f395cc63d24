/** Answers to the questions that help to begin a message. */

/** The answers as they are, one paragraph each; what was left empty is left out. */
export const paragraphs = (answers: string[]): string =>
	answers
		.map((answer) => answer.trim())
		.filter(Boolean)
		.join('\n\n');

/**
 * The message with its answers as they are now: `before` is what they were in it. What was written by hand stays, and where the
 * answers were changed by hand there, the new ones follow.
 */
export function renewed(message: string, before: string, answers: string[]): string {
	const words = paragraphs(answers);
	if (message.endsWith(before)) return message.slice(0, message.length - before.length) + words;
	return `${message}\n\n${words}`;
}
