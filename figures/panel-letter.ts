const letters = 'abcdefghi';

/** How many panels of a figure can have a letter. */
export const mostPanels = letters.length;

/** `(a)`, `(b)`, … of the panels of a figure, in the picture and in its caption. */
export const panelLetter = (i: number): string => `(${letters[i]!})`;
