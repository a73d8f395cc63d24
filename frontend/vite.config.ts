import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig, type Plugin } from 'vite';
import { LOCALES, SCREENS } from './src/lib/screens.ts';

// The one inline script in app.html may run: it sets the theme before the first paint, and the language before the app is there.
const [, script = ''] = /<script>(.*?)<\/script>/s.exec(readFileSync('src/app.html', 'utf8')) ?? [];
const EARLY_SCRIPT = `sha256-${createHash('sha256').update(script).digest('base64')}` as const;

/** `devalue` weighs a fifteenth of a screen, and the browser needs nothing of it: see plain-state.ts. */
const plainState: Plugin = {
	name: 'plain-state',
	enforce: 'pre',
	apply: 'build',
	applyToEnvironment: ({ name }) => name === 'client',
	resolveId: (id) => (id === 'devalue' ? fileURLToPath(new URL('src/lib/plain-state.ts', import.meta.url)) : null)
};

export default defineConfig({
	plugins: [
		plainState,
		sveltekit({
			compilerOptions: {
				runes: ({ filename }) => (filename.split(/[/\\]/).includes('node_modules') ? undefined : true)
			},
			adapter: adapter({ pages: 'build', fallback: '200.html', precompress: true }),
			version: { name: process.env['GIT_COMMIT'] ?? 'dev' },
			paths: { relative: false },
			inlineStyleThreshold: 24_000,
			// One shell per screen and language: build/_fr/members.html. The server picks it by cookie or Accept-Language.
			prerender: {
				crawl: false,
				entries: LOCALES.flatMap((locale) =>
					SCREENS.map((screen) => `/_${locale}${screen === '/' ? '/index' : screen}` as `/${string}`)
				)
			},
			csp: { mode: 'hash', directives: { 'script-src': ['self', EARLY_SCRIPT] } }
		})
	],
	environments: {
		client: {
			build: {
				rolldownOptions: {
					output: {
						// One shared chunk instead of a dozen tiny ones: on HTTP/1.1 every extra file can cost a round trip.
						// The group must not catch @sveltejs/kit.
						codeSplitting: {
							groups: [
								{
									name: 'core',
									priority: 20,
									test: /node_modules[\\/](svelte|esm-env|clsx|openapi-fetch)[\\/]|src[\\/]lib[\\/](i18n|api[\\/](client|errors)|ui[\\/](Tile|Toast|toast|Mark|Band|Subnav|Field|Icon)|session|theme|intl|tile)/
								},
								{ name: 'core', priority: 10, minShareCount: 3, test: /node_modules[\\/]lucide[\\/]/ }
							]
						}
					}
				}
			}
		}
	},
	server: {
		proxy: {
			'/api': 'http://127.0.0.1:8000',
			'/_allauth': 'http://127.0.0.1:8000',
			'/media': 'http://127.0.0.1:8000',
			'/ws': { target: 'ws://127.0.0.1:8000', ws: true }
		}
	}
});
