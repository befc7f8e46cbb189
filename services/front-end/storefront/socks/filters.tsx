import { listTags } from '../api.ts';
import { Loading } from '../ui/loading.tsx';
import { useLoad } from '../ui/use-load.ts';

interface Props {
  chosen: string[];
  onChoose: (tags: string[]) => void;
}

export function Filters({ chosen, onChoose }: Props) {
  const tags = useLoad(listTags);
  return (
    <form
      id="filters"
      onSubmit={(event) => {
        event.preventDefault();
        const ticked = new FormData(event.currentTarget).getAll('tags');
        onChoose(ticked.filter((tag) => typeof tag === 'string'));
      }}
    >
      <fieldset>
        <legend>Filters</legend>
        <Loading of={tags}>
          {(names) => (
            <ul>
              {names.map((name) => (
                <li key={name}>
                  <label>
                    <input
                      type="checkbox"
                      name="tags"
                      value={name}
                      defaultChecked={chosen.includes(name)}
                    />
                    {name}
                  </label>
                </li>
              ))}
            </ul>
          )}
        </Loading>
        <div className="buttons">
          <button className="btn btn-primary">Apply</button>
          <button
            type="button"
            className="btn"
            onClick={(event) => {
              event.currentTarget.form?.reset();
              onChoose([]);
            }}
          >
            Clear
          </button>
        </div>
      </fieldset>
    </form>
  );
}
