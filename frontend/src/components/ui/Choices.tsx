import { Check, type LucideIcon } from 'lucide-react';

interface Choice<Id extends string> {
  readonly id: Id;
  readonly label: string;
}

interface ChoiceListProps<Id extends string> {
  readonly label: string;
  readonly choices: readonly Choice<Id>[];
  readonly chosen: Id | undefined;
  readonly onChoose: (id: Id) => void;
  readonly className?: string;
}

/** One of several, one below the other, in a panel. */
export function ChoiceList<Id extends string>({
  label,
  choices,
  chosen,
  onChoose,
  className = '',
}: ChoiceListProps<Id>) {
  return (
    <ul aria-label={label} className={`flex flex-col gap-0.5 ${className}`}>
      {choices.map(({ id, label: name }) => (
        <li key={id}>
          <button
            type="button"
            aria-pressed={id === chosen}
            onClick={() => onChoose(id)}
            className="flex min-h-11 w-full items-center justify-between gap-3 rounded-lg px-3 text-left hover:bg-sunk aria-pressed:font-semibold sm:min-h-9"
          >
            {name}
            {id === chosen && <Check aria-hidden size={15} className="text-accent-ink" />}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** More than these take several rows of a narrow window: there they are a list to choose from. */
const MOST_SEGMENTS = 4;

/** One of a few, side by side: the way a card is looked at. */
export function Segments<Id extends string>(props: ChoiceListProps<Id>) {
  if (props.choices.length <= MOST_SEGMENTS) return <Row {...props} />;
  const { label, choices, chosen, onChoose } = props;
  return (
    <>
      <select
        aria-label={label}
        value={chosen}
        className="control w-full justify-start sm:hidden"
        onChange={({ target }) => {
          const choice = choices.find(({ id }) => id === target.value);
          if (choice) onChoose(choice.id);
        }}
      >
        {choices.map(({ id, label: name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <Row {...props} className={`max-sm:hidden ${props.className ?? ''}`} />
    </>
  );
}

function Row<Id extends string>({ label, choices, chosen, onChoose, className = '' }: ChoiceListProps<Id>) {
  return (
    <div
      role="group"
      aria-label={label}
      className={`inline-flex max-w-full flex-wrap rounded-[10px] bg-sunk p-0.5 ${className}`}
    >
      {choices.map(({ id, label: name }) => (
        <button
          key={id}
          type="button"
          aria-pressed={id === chosen}
          onClick={() => onChoose(id)}
          className="min-h-8 rounded-lg px-3 text-sm font-medium text-ink-2 hover:text-ink aria-pressed:bg-card aria-pressed:text-ink aria-pressed:shadow-[0_0_0_1px_var(--line)] max-md:min-h-11 pointer-coarse:min-h-11"
        >
          {name}
        </button>
      ))}
    </div>
  );
}

interface ActionProps {
  readonly icon: LucideIcon;
  readonly children: string;
  readonly onAct: () => void;
}

/** One thing to do, in a panel of such. */
export function Action({ icon: Icon, children, onAct }: ActionProps) {
  return (
    <li>
      <button
        type="button"
        onClick={onAct}
        className="flex min-h-11 w-full items-center gap-2.5 rounded-lg px-3 text-left hover:bg-sunk sm:min-h-9"
      >
        <Icon aria-hidden size={15} className="text-ink-2" />
        {children}
      </button>
    </li>
  );
}
