/** Photos from a phone are made smaller before they are sent: a slow line carries a tenth of it. */
const SIDE = 1600;

export async function shrink(photo: File): Promise<Blob> {
	try {
		const picture = await createImageBitmap(photo);
		const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
		const canvas = document.createElement('canvas');
		canvas.width = Math.round(picture.width * scale);
		canvas.height = Math.round(picture.height * scale);
		canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
		picture.close();
		const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85));
		return small && small.size < photo.size ? small : photo;
	} catch {
		return photo; // What this browser cannot read is judged by the server.
	}
}
