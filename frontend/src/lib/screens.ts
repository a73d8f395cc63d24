/** Every screen that has a page of its own; each is written once per language when the app is built. */
export const LOCALES = ['en', 'fr', 'nl', 'de'] as const;
export const SCREENS = [
	'/',
	'/sign-in',
	'/join',
	'/join/welcome',
	'/forgot',
	'/members',
	'/members/person',
	'/members/guides',
	'/members/guidance',
	'/members/collaborators',
	'/members/collectives',
	'/members/collective',
	'/members/complete',
	'/members/programme',
	'/members/cohort',
	'/book',
	'/book/timeline',
	'/book/mine',
	'/book/repeat',
	'/book/waiting',
	'/book/host/care',
	'/chats',
	'/me',
	'/me/notices',
	'/me/people'
] as const;
