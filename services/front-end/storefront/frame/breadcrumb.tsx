import { text } from '../i18n/text.ts';

interface Props {
  /** Between the home page and here. */
  path: [name: string, href: string][];
  here: string;
}

export function Breadcrumb({ path, here }: Props) {
  const above: Props['path'] = [[text.frame.home, '/'], ...path];
  return (
    <nav id="breadcrumb" aria-label={text.frame.breadcrumb}>
      <ol>
        {above.map(([name, href]) => (
          <li key={href}>
            <a href={href}>{name}</a>
          </li>
        ))}
        <li aria-current="page">{here}</li>
      </ol>
    </nav>
  );
}
