/** A photo of oneself: what is none is refused in words, a real one is shown. */
import { deflateSync } from 'node:zlib';

import { expect } from './story.ts';
import { test } from './people.ts';

test('a file that is no photo is refused in words, and a real one is shown', async ({ joins }) => {
	const { page } = await joins({ name: 'Fleur Foto' });
	await page.goto('/me');
	const file = page.getByLabel('Choose a photo');
	await file.setInputFiles({
		name: 'me.jpg',
		mimeType: 'image/jpeg',
		buffer: Buffer.from('<script>alert(1)</script>')
	});
	await expect(page.getByText('This file is not a photo that we can read.')).toBeVisible();
	await file.setInputFiles({
		name: 'me.png',
		mimeType: 'image/png',
		buffer: Buffer.concat([png(8), Buffer.alloc(9_000_000)])
	});
	await expect(page.getByText('A photo may have 8 MB at most.')).toBeVisible();

	await file.setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: png(64) });
	await expect(page.getByText('Photo saved')).toBeVisible();
	const shown = page.locator('main img').first();
	await expect(shown).toBeVisible();
	expect(
		await shown.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))
	).toBeGreaterThan(0);
	await page.getByRole('button', { name: 'Show my tile instead' }).click();
	await expect(shown).toHaveCount(0);
});

/** A red square, as PNG. */
function png(side: number): Buffer {
	const head = Buffer.alloc(13);
	head.writeUInt32BE(side, 0);
	head.writeUInt32BE(side, 4);
	head.set([8, 2, 0, 0, 0], 8);
	const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(side * 3, Buffer.from([200, 30, 30]))]);
	const pixels = deflateSync(Buffer.concat(Array.from({ length: side }, () => row)));
	return Buffer.concat([
		Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
		chunk('IHDR', head),
		chunk('IDAT', pixels),
		chunk('IEND', Buffer.alloc(0))
	]);
}

function chunk(type: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type, 'ascii'), data]);
	const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
	length.writeUInt32BE(data.length);
	check.writeUInt32BE(crc(body));
	return Buffer.concat([length, body, check]);
}

function crc(data: Buffer): number {
	let sum = 0xffffffff;
	for (const byte of data) {
		sum ^= byte;
		for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
	}
	return (sum ^ 0xffffffff) >>> 0;
}
