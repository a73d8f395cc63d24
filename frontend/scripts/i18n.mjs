// Merges src/lib/i18n/<feature>/<language>.json into static/i18n/<language>.json and types the keys from English.
// Fails, naming each, on a missing or stray key and on placeholders or plural forms that differ from the English ones.
import fs from 'node:fs';

const dir = new URL('../src/lib/i18n/', import.meta.url);
const out = new URL('../static/i18n/', import.meta.url);
const locales = ['en', 'fr', 'nl', 'de'];
const features = fs
	.readdirSync(dir, { withFileTypes: true })
	.filter((entry) => entry.isDirectory())
	.map((entry) => entry.name)
	.sort();
const problems = [];

const holes = (value) => [...new Set(JSON.stringify(value).match(/\{\w+\}/g) ?? [])].sort().join();
const plural = (value) => typeof value === 'object';

/** French sets a space before high punctuation and inside its quotation marks; no line may break there. */
const typeset = (words) => words.replace(/ (?=[;!?])/g, '\u202f').replace(/ (?=[:»])|(?<=«) /g, '\u00a0');

const catalogues = Object.fromEntries(locales.map((locale) => [locale, {}]));
for (const feature of features) {
	const read = (locale) => JSON.parse(fs.readFileSync(new URL(`${feature}/${locale}.json`, dir), 'utf8'));
	const english = read('en');
	for (const locale of locales) {
		const words = read(locale);
		for (const key of new Set([...Object.keys(english), ...Object.keys(words)])) {
			const where = `${feature}/${locale}.json: ${key}`;
			if (!(key in words)) problems.push(`${where} is missing`);
			else if (!(key in english)) problems.push(`${where} is not in English`);
			else if (holes(words[key]) !== holes(english[key])) problems.push(`${where} has other placeholders than English`);
			else if (plural(words[key]) !== plural(english[key]))
				problems.push(`${where} has plural forms where English has none, or none`);
			else if (words[key] === '') problems.push(`${where} is empty`);
			catalogues[locale][`${feature}_${key}`] = words[key];
		}
	}
}
if (problems.length) {
	console.error(problems.join('\n'));
	process.exit(1);
}
fs.mkdirSync(out, { recursive: true });
for (const locale of locales) {
	const words = JSON.stringify(catalogues[locale]);
	fs.writeFileSync(new URL(`${locale}.json`, out), locale === 'fr' ? typeset(words) : words);
}
const keys = Object.keys(catalogues.en).map((key) => `\t| '${key}'`);
fs.writeFileSync(
	new URL('catalogue.d.ts', dir),
	`// Written by scripts/i18n.mjs from the English sentences.\nexport type Key =\n${keys.join('\n')};\n`
);
