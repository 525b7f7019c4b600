const share = Number(process.env.SOAK ?? 1);
if (!(share > 0))
  throw new Error(`SOAK is a share above 0 of the times that soaks repeat, received ${process.env.SOAK}`);

/** How often a soak repeats: SOAK of the full number, which is a share of it and 1 if left out; twice at the least. */
export const soakTimes = (full: number): number => Math.max(2, Math.round(full * share));

/** Whether soaks do a part of what they can. */
export const isShortened = share < 1;
