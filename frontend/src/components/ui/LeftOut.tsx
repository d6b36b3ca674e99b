/** Which cards a filtered page does not show: a gap that nobody explains looks like an answer. */
export function LeftOut({ cards }: { readonly cards: readonly string[] }) {
  return (
    <p data-left-out className="text-sm text-ink-2 lg:col-span-12">
      Left out, since they cannot be narrowed down like this: {cards.join(', ')}.
    </p>
  );
}
