/** Every test speaks English and knows the matchers of the DOM. */
import '@testing-library/jest-dom/vitest';
import { readFileSync } from 'node:fs';
import { use, type Catalogue } from '#lib/i18n/index.ts';

const english = readFileSync('static/i18n/en.json', 'utf8');
use('en', JSON.parse(english) as Catalogue);
