'use client';
import { Search } from 'lucide-react';
import { useId } from 'react';

interface SearchFieldProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly className?: string;
}

/** As long as any id. */
const MAX_SEARCH = 200;

export function SearchField({ label, text, onText, className = '' }: SearchFieldProps) {
  const id = useId();
  return (
    <div className={`relative w-full ${className}`}>
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <Search aria-hidden size={15} className="absolute top-1/2 left-3 -translate-y-1/2 text-ink-3" />
      <input
        id={id}
        type="search"
        placeholder={label}
        maxLength={MAX_SEARCH}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => onText(event.target.value)}
        className="control w-full justify-start pl-9 font-normal placeholder:text-ink-3"
      />
    </div>
  );
}
