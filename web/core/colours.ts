/**
 * The colours of curves, as CSS variables that style.css sets for light and for dark: Okabe & Ito's palette (2008) with Tol's purple, as in
 * the figures of the command line. A curve is told by its dash as well.
 */
export const colours = {
  blue: 'var(--blue)',
  vermilion: 'var(--vermilion)',
  green: 'var(--green)',
  purple: 'var(--purple)',
  orange: 'var(--orange)',
  sky: 'var(--sky)',
  ink: 'var(--ink)',
  grey: 'var(--grey)',
} as const;
