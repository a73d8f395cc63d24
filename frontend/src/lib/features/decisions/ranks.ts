/** The count of ranked choice, as the API tells it: see docs/deciding.md. */
export interface Round {
	first: Record<string, number>;
	leave: number[];
}

export interface Ranks {
	rounds?: Round[];
	condorcet?: number | null;
}

/** Who is left when the run-off ends: the one with more than half, or all that are equal; nobody where nothing was ranked. */
export function ahead({ rounds = [] }: Ranks): number[] {
	const last = Object.entries(rounds.at(-1)?.first ?? {}).map(([id, ballots]) => ({ id: Number(id), ballots }));
	const all = last.reduce((sum, { ballots }) => sum + ballots, 0);
	const most = last.filter(({ ballots }) => 2 * ballots > all);
	return (most.length ? most : last).map(({ id }) => id);
}
