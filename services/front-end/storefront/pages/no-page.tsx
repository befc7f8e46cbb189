import { useTitle } from '../frame/use-title.ts';
import { text } from '../i18n/text.ts';
import { Empty } from '../ui/empty.tsx';

export function NoPage() {
  useTitle(text.noPage.title);
  return (
    <div className="container">
      <Empty picture="holy" title={text.noPage.title} heading hint={text.noPage.hint}>
        <a className="btn btn-primary" href="/">
          {text.noPage.back}
        </a>
      </Empty>
    </div>
  );
}
