/** Says the same thing at most once in so many milliseconds. */
export function seldom(every: number, say: (text: string) => void): (text: string) => void {
  const said = new Map<string, number>();
  return (text) => {
    const now = performance.now();
    if (now - (said.get(text) ?? -Infinity) < every) return;
    said.set(text, now);
    say(text);
  };
}
