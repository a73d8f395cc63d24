import { defineConfig } from '@playwright/test';

import { ADDRESS, LOG, PORT } from './app.ts';

const QUIET = [
	'--headless',
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync'
];

export default defineConfig({
	testDir: '.',
	outputDir: './results',
	// One real application is shared by all stories; each brings its own people, so that two can be told at a time.
	workers: 2,
	// A machine that is busy elsewhere for a moment is no defect of ours; a story that fails twice is.
	retries: process.env['CI'] ? 1 : 0,
	forbidOnly: Boolean(process.env['CI']),
	timeout: 60_000,
	expect: { timeout: 10_000 },
	reporter: [['list']],
	use: {
		baseURL: ADDRESS,
		locale: 'en-GB',
		timezoneId: 'Europe/Brussels',
		viewport: { width: 1280, height: 800 },
		serviceWorkers: 'block',
		contextOptions: { reducedMotion: 'reduce' },
		screenshot: 'only-on-failure',
		trace: 'on-first-retry',
		launchOptions: { executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: QUIET }
	},
	webServer: {
		command: `cd ../.. && exec "$(sh .ci/python)" .ci/serve.py --throw-away --log "${LOG}"`,
		url: `${ADDRESS}/health/`,
		env: { PORT: String(PORT) },
		timeout: 300_000,
		stdout: 'pipe',
		gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 }
	}
});
