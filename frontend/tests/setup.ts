/** Every test speaks English and knows the matchers of the DOM. */
import '@testing-library/jest-dom/vitest';
import { readFileSync } from 'node:fs';
import { configure } from '@testing-library/dom';
import { use, type Catalogue } from '#lib/i18n/index.ts';

// A machine that is busy elsewhere needs longer than a second.
configure({ asyncUtilTimeout: 4000 });
const english = readFileSync('static/i18n/en.json', 'utf8');
use('en', JSON.parse(english) as Catalogue);
