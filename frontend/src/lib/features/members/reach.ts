/** How people can be reached: asked for a hundred at a time, and dialled as a telephone understands it. */
const MOST = 100;

export function inPieces(ids: number[]): number[][] {
	const pieces: number[][] = [];
	for (let first = 0; first < ids.length; first += MOST) pieces.push(ids.slice(first, first + MOST));
	return pieces;
}

/** `+33 (0)1 99 00 12 34` as `+33199001234`: the nought in brackets is for those who call from inside the country. */
export const toDial = (written: string): string =>
	(written.startsWith('+') ? written.replace(/\(0\)/, '') : written).replace(/(?!^\+)\D/g, '');
