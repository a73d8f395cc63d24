/** Draws the map of Europe on which people are counted: static/europe.svg, from the borders of Natural Earth (public domain). */
import { readFile, writeFile } from 'node:fs/promises';
import { feature } from 'topojson-client';

// As in src/lib/features/members/towns.ts: degrees at the edges, ten dots a degree of latitude, and longitude as wide as at 52° N.
const [WEST, EAST, SOUTH, NORTH] = [-25, 45, 34, 71.5];
const NARROW = Math.cos((52 * Math.PI) / 180);
const WIDE = Math.round((EAST - WEST) * NARROW * 10);
const HIGH = Math.round((NORTH - SOUTH) * 10);
/** What lies further outside is drawn at this distance from the edge, where nobody sees it. */
const OUTSIDE = 150;
const PLUM = '#8d7a88';

/** Borders have no more detail than this many dots. */
const DETAIL = 2;

/** A line of the atlas, which counts in steps, in degrees and without detail; neighbours share their lines, and so no gap opens. */
function coarse(line, { scale, translate }) {
	let [x, y] = [0, 0];
	const points = line.map(([right, up]) => {
		[x, y] = [x + right, y + up];
		return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
	});
	let last = points[0];
	const far = ([longitude, latitude]) =>
		Math.hypot((longitude - last[0]) * NARROW, latitude - last[1]) * 10 >= DETAIL && (last = [longitude, latitude]);
	return points.filter((point, at) => at === 0 || at === points.length - 1 || far(point));
}

const within = (value, most) => Math.round(Math.min(most + OUTSIDE, Math.max(-OUTSIDE, value)));

/** A ring of degrees as a path of whole dots; empty where it is outside or too small to see. */
function drawn(ring) {
	const dots = ring.map(([longitude, latitude]) => [
		// The east of Siberia is counted from the west.
		within((longitude + (longitude < -150 ? 360 : 0) - WEST) * NARROW * 10, WIDE),
		within((NORTH - latitude) * 10, HIGH)
	]);
	const seen = dots.some(([x, y]) => x > 0 && x < WIDE && y > 0 && y < HIGH);
	const path = dots.filter(([x, y], at) => !at || x !== dots[at - 1][0] || y !== dots[at - 1][1]);
	if (!seen || path.length < 4) return '';
	const steps = path.slice(1, -1).map(([x, y], at) => `${x - path[at][0]} ${y - path[at][1]}`);
	return `M${path[0].join(' ')}l${steps.join(' ').replaceAll(' -', '-')}z`;
}

const atlas = JSON.parse(await readFile(new URL(import.meta.resolve('world-atlas/countries-50m.json')), 'utf8'));
const { transform, arcs, ...borders } = atlas;
borders.arcs = arcs.map((line) => coarse(line, transform));
const countries = feature(borders, borders.objects.countries).features.map(({ geometry }) => {
	const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
	return polygons.flat().map(drawn).join('');
});
const paths = countries.filter(Boolean).map((path) => `<path d="${path}"/>`);
const look = `fill="${PLUM}" fill-opacity=".3" stroke="${PLUM}" stroke-opacity=".7" stroke-width=".5" stroke-linejoin="round"`;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDE} ${HIGH}"><g ${look}>${paths.join('')}</g></svg>\n`;
await writeFile(new URL('../static/europe.svg', import.meta.url), svg);
