/** One short confirmation at a time, read out politely. */
class Toast {
	words = $state('');
	#timer: ReturnType<typeof setTimeout> | undefined;

	say(words: string) {
		clearTimeout(this.#timer);
		this.words = words;
		this.#timer = setTimeout(() => (this.words = ''), 6000);
	}
}

export const toast = new Toast();
