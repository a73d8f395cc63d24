/** `$app/navigation` for unit tests: remembers where the page would have gone. */
export const visited: string[] = [];
export const goto = async (address: string): Promise<void> => void visited.push(address);
