/**
 * Keeps the shells, scripts and styles of the app, so that it opens without a network and messages can be written. Nobody's data
 * is kept: answers of the API are never cached.
 */
import { immutable, assets } from '$app/manifest';
import { version } from '$app/env';
import { self } from '$app/service-worker';

const SHELL = `shell-${version}`;
const PAGES = 'pages';
const FONT = /\.woff2$/;
const at = (path: string) => new URL(path, self.registration.scope).pathname;
// Fonts are kept when they are first used: a first visit on a slow line is not charged for them.
const BUILD = [...immutable, ...assets].map((asset) => at(asset.path)).filter((path) => !FONT.test(path));

self.addEventListener('install', (event) => {
	event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(BUILD)));
});

self.addEventListener('activate', (event) => {
	event.waitUntil(
		(async () => {
			for (const key of await caches.keys()) if (key !== SHELL && key !== PAGES) await caches.delete(key);
			await self.clients.claim();
		})()
	);
});

self.addEventListener('message', (event) => {
	const { type } = (event.data ?? {}) as { type?: string };
	if (type === 'sign-out') event.waitUntil(caches.delete(PAGES));
});

async function fromNetworkThenCache(request: Request, path: string): Promise<Response> {
	const cache = await caches.open(PAGES);
	try {
		const response = await fetch(request);
		if (response.ok) void cache.put(path, response.clone());
		return response;
	} catch {
		return (await cache.match(path)) ?? Response.error();
	}
}

async function fromCacheThenNetwork(request: Request, path: string): Promise<Response> {
	const hit = await caches.match(path);
	if (hit) return hit;
	const response = await fetch(request);
	if (response.ok) void (await caches.open(SHELL)).put(path, response.clone());
	return response;
}

self.addEventListener('fetch', (event) => {
	const { request } = event;
	const url = new URL(request.url);
	if (request.method !== 'GET' || url.origin !== self.location.origin) return;
	if (request.mode === 'navigate' && !/^\/(api|admin|_allauth|media|calendar|health)\//.test(url.pathname)) {
		event.respondWith(fromNetworkThenCache(request, url.pathname));
	} else if (BUILD.includes(url.pathname) || FONT.test(url.pathname)) {
		event.respondWith(fromCacheThenNetwork(request, url.pathname));
	}
});
