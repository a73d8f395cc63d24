/** Files, as a list tells of them: how large, and what they are. */
import { m } from '#lib/i18n/index.ts';
import { number } from '#lib/intl.ts';

export const size = (bytes: number): string =>
	bytes < 1_000_000
		? `${number(Math.max(1, Math.round(bytes / 1000)))} kB`
		: `${number(Math.round(bytes / 1e5) / 10)} MB`;

export function kindOfFile(content_type: string): string {
	if (content_type.startsWith('image/')) return m.files_kind_picture();
	if (content_type === 'application/pdf') return m.files_kind_pdf();
	if (content_type === 'application/zip') return m.files_kind_archive();
	if (/csv|spreadsheet/.test(content_type)) return m.files_kind_table();
	return /presentation/.test(content_type) ? m.files_kind_slides() : m.files_kind_text();
}
