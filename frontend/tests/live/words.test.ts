import { expect, test } from 'vitest';

import { wordsOf } from '#lib/live/words.ts';

test('a message is quoted in words, whether it has markup or only looks like it', () => {
	expect(
		wordsOf({ body: '**Bring** it &amp; <b>', html: '<p><strong>Bring</strong> it &amp;amp; &lt;b&gt;</p>\n' })
	).toBe('Bring it &amp; <b>');
	expect(wordsOf({ body: '3 < 4 &amp; 5', html: null })).toBe('3 < 4 &amp; 5');
});
