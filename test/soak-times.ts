/** How often a soak repeats: SOAK of the full number, which is a share of it and 1 if left out; twice at the least. */
export const soakTimes = (full: number): number => Math.max(2, Math.round(full * Number(process.env.SOAK ?? 1)));
