import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

// A plain Svelte config for unit tests: Kit's own plugin is not needed for components, and its modules are stand-ins.
const standIn = (name: string) => new URL(`./tests/stand-ins/${name}.ts`, import.meta.url).pathname;

export default defineConfig({
	plugins: [svelte(), svelteTesting()],
	resolve: {
		alias: { '$app/env': standIn('env'), '$app/navigation': standIn('navigation'), '$app/state': standIn('state') }
	},
	test: { environment: 'happy-dom', include: ['tests/**/*.test.ts'], setupFiles: ['./tests/setup.ts'] }
});
