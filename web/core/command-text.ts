/** `solve --classes 10 --noise 0.3`: options that are undefined are left out. */
export function commandText(name: string, options: Readonly<Record<string, number | string | undefined>>): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return [name, ...given.map(([option, value]) => `--${option} ${value!}`)].join(' ');
}
