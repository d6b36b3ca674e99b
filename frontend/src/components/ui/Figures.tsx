import { formatCell, type Figures } from '../../lib/chart/table';

interface FiguresTableProps {
  readonly caption: string;
  readonly figures: Figures;
}

/** The figures behind a picture, to read instead of it. */
export function FiguresTable({ caption, figures: { columns, rows, interval } }: FiguresTableProps) {
  return (
    <table className="w-full border-collapse">
      <caption className="sr-only">{caption}</caption>
      <thead className="sticky top-0 bg-card">
        <tr className="border-b border-line text-xs text-ink-2">
          {columns.map((name, index) => (
            <th key={name} scope="col" className={`pb-2 font-medium ${index === 0 ? 'text-left' : 'pl-4 text-right'}`}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name = '', ...cells]) => (
          <tr key={name} className="border-b border-line last:border-0">
            <th scope="row" className="py-2 text-left font-normal whitespace-nowrap">
              {formatCell(name, interval)}
            </th>
            {cells.map((cell, index) => (
              <td key={index} className="py-2 pl-4 text-right tabular-nums">
                {formatCell(cell)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
