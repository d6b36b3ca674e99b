'use client';
import { useId, type InputHTMLAttributes } from 'react';

/** Fields of a form, each with its label and with what was wrong with it. */
const INPUT =
  'mt-1.5 h-11 w-full min-w-0 rounded-[9px] border border-line-strong bg-page px-3 text-base aria-invalid:border-down';

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'id'> {
  readonly label: string;
  readonly name: string;
  readonly error: string | undefined;
}

export function Field({ label, error, className = '', ...input }: FieldProps) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      <input id={id} aria-invalid={error !== undefined} aria-describedby={`${id}-error`} className={INPUT} {...input} />
      <Wrong id={`${id}-error`} error={error} />
    </div>
  );
}

export const NumberField = (props: Omit<FieldProps, 'type'>) => (
  <Field type="number" inputMode="decimal" min={0} step="any" {...props} />
);

interface SelectFieldProps<Id extends string> {
  readonly label: string;
  readonly value: Id;
  readonly onChange: (id: Id) => void;
  /** Under a heading each; an empty one is none. */
  readonly groups: readonly (readonly [string, readonly { readonly id: Id; readonly label: string }[]])[];
  readonly error: string | undefined;
}

export function SelectField<Id extends string>({ label, value, onChange, groups, error }: SelectFieldProps<Id>) {
  const id = useId();
  const all = groups.flatMap(([, choices]) => choices);
  return (
    <div>
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      <select
        id={id}
        value={value}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-error`}
        className={INPUT}
        onChange={(event) => {
          const chosen = all.find((choice) => choice.id === event.target.value);
          if (chosen) onChange(chosen.id);
        }}
      >
        {groups.map(([heading, choices]) =>
          heading === '' ? (
            choices.map((choice) => <Option key={choice.id} choice={choice} />)
          ) : (
            <optgroup key={heading} label={heading}>
              {choices.map((choice) => (
                <Option key={choice.id} choice={choice} />
              ))}
            </optgroup>
          ),
        )}
      </select>
      <Wrong id={`${id}-error`} error={error} />
    </div>
  );
}

const Option = ({ choice }: { readonly choice: { readonly id: string; readonly label: string } }) => (
  <option value={choice.id}>{choice.label}</option>
);

const Wrong = ({ id, error }: { readonly id: string; readonly error: string | undefined }) => (
  <p id={id} role="alert" className="mt-1 text-sm text-down empty:hidden">
    {error}
  </p>
);
