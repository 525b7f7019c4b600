type Child = Node | string;

/** Properties of an element; `data` are its data- attributes, `aria-…` and other attributes with a hyphen are set as such. */
export type Properties<Tag extends keyof HTMLElementTagNameMap> = Partial<
  Omit<HTMLElementTagNameMap[Tag], 'style' | 'dataset' | 'children'>
> & { readonly data?: Readonly<Record<string, string>>; readonly [attribute: `${string}-${string}`]: string };

/** An HTML element with its properties and children. Text is never read as HTML. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties<Tag> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'data') Object.assign(made.dataset, value);
    else if (name.includes('-')) made.setAttribute(name, value as string);
    else Reflect.set(made, name, value);
  }
  made.append(...children);
  return made;
}
