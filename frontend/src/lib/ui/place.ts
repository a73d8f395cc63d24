/** Who goes by keyboard keeps their place when what they stood on goes away, as a chip does that is removed. */

const STOPS =
	'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary';

interface Place {
	stop: HTMLElement;
	/** What it stands in, the innermost first, and how many stops come before it there. */
	around: { part: Element; before: number }[];
}

/** From now on; returns how to stop. What stood behind it in its list is next, else what stood before, else what is nearest around. */
export function keepPlace(): () => void {
	let place: Place | undefined;

	const came = ({ target }: FocusEvent) => {
		// By finger or mouse nobody stands anywhere, and a field would open the keyboard of a phone.
		place = target instanceof HTMLElement && target.matches(':focus-visible') ? placeOf(target) : undefined;
	};
	const changes = new MutationObserver(() => {
		if (!place || place.stop.isConnected || document.activeElement !== document.body) return;
		const { around } = place;
		place = undefined;
		for (const { part, before } of around) {
			const stops = part.isConnected ? stopsIn(part) : [];
			if (stops.length) return stops[Math.min(before, stops.length - 1)]?.focus();
		}
	});

	document.addEventListener('focusin', came);
	changes.observe(document.body, { childList: true, subtree: true });
	return () => {
		document.removeEventListener('focusin', came);
		changes.disconnect();
	};
}

/** Another page begins at its own beginning, and a dialog gives back what it took: neither is a part that one stands in. */
function placeOf(stop: HTMLElement): Place {
	const around: Place['around'] = [];
	for (let part = stop.parentElement; part && !part.matches('main, dialog, body'); part = part.parentElement)
		around.push({ part, before: stopsIn(part).indexOf(stop) });
	return { stop, around };
}

const stopsIn = (part: Element) => [...part.querySelectorAll<HTMLElement>(STOPS)];
