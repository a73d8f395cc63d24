/** A patchwork tile: a small geometric pattern drawn from an id. No image request, about 300 bytes of path data. */
const INKS = ['#5b2350', '#f2b134', '#1e7a68', '#e4572e', '#b9a5e8', '#f7c9c0', '#bfe3d0'];
const SHAPES = [
	'M0 0h10a10 10 0 0 1-10 10z',
	'M0 10A10 10 0 0 1 10 0v10z',
	'M0 0h10L0 10z',
	'M5 0a5 5 0 0 1 0 10a5 5 0 0 1 0-10z',
	'M0 5a5 5 0 0 1 10 0z',
	'M0 0a10 10 0 0 0 10 10a10 10 0 0 0-10-10z',
	'M5 0l5 5l-5 5l-5-5z',
	'M0 10A10 10 0 0 0 10 0A10 10 0 0 0 0 10z'
];

export interface Patch {
	d: string;
	fill: string;
	x: number;
	y: number;
}

// The finaliser of MurmurHash3: neighbouring ids get unlike tiles.
function scattered(id: number): number {
	let x = (id + 0x9e3779b9) | 0;
	x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
	x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
	return (x ^ (x >>> 16)) >>> 0;
}

/** The ground and the four patches of this id; three different inks. */
export function tile(id: number): { ground: string; patches: Patch[] } {
	const bits = scattered(id);
	const ground = bits % 7;
	const first = (ground + 1 + ((bits >>> 3) % 6)) % 7;
	let second = (ground + 1 + ((bits >>> 6) % 6)) % 7;
	while (second === first || second === ground) second = (second + 1) % 7;
	const patches = [0, 1, 2, 3].map((place) => ({
		d: SHAPES[(bits >>> (9 + place * 3)) % 8] ?? '',
		fill: INKS[place % 3 ? first : second] ?? '',
		x: (place % 2) * 10,
		y: place > 1 ? 10 : 0
	}));
	return { ground: INKS[ground] ?? '', patches };
}
