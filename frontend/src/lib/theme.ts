/** Light or dark: as the system says until the reader chooses; the choice stays in this browser. */
export type Theme = 'light' | 'dark';

export function currentTheme(): Theme {
	const chosen = document.documentElement.dataset['theme'] as Theme | undefined;
	return chosen ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
}

export function toggleTheme(): Theme {
	const theme: Theme = currentTheme() === 'dark' ? 'light' : 'dark';
	document.documentElement.dataset['theme'] = theme;
	try {
		localStorage.setItem('theme', theme);
	} catch {
		// A private window keeps nothing: the choice lasts until it is closed.
	}
	return theme;
}
