import { useState, type ReactNode } from 'react';
import { text } from '../storefront/i18n/text.ts';
import { giveCommand, type Mesh } from './api.ts';

const t = text.observatory;

type Service = Mesh['services'][number];
type Give = (name: string, body?: object) => void;

/** The commands of `npm run mesh` for one service. */
export function MeshCommands({ service }: { service: Service }) {
  const [said, setSaid] = useState('');
  const { name, versions, running, canary, limit } = service;
  const [version, setVersion] = useState(() => versions.at(-1)?.version ?? '');
  const give: Give = (command, body = {}) => {
    setSaid(t.commandSent);
    giveCommand(command, { service: name, ...body }).then(
      (refusal) => {
        setSaid(refusal ?? t.commandAccepted(command));
      },
      () => {
        setSaid(t.launcherUnavailable);
      },
    );
  };
  const known = versions.some((each) => each.version === version);
  const several = known && versions.length > 1;
  return (
    <div className="mesh-commands">
      <h3>{t.commandsFor(name)}</h3>
      <label className="mesh-version">
        {t.version}{' '}
        <input
          list="mesh-versions"
          value={version}
          onChange={({ target }) => {
            setVersion(target.value);
          }}
        />
        <datalist id="mesh-versions">
          {versions.map((each) => (
            <option key={each.version} value={each.version} />
          ))}
        </datalist>
      </label>
      <div className="mesh-buttons">
        <Button
          on={!known && version !== ''}
          does={t.deploy}
          give={() => {
            give('deploy', { version });
          }}
        />
        <Button
          on={!known && version !== ''}
          does={t.upgrade}
          give={() => {
            give('upgrade', { version });
          }}
        />
        <Button
          on={several}
          does={t.promote}
          give={() => {
            give('promote', { version });
          }}
        />
        <Button
          on={several}
          does={t.rollback}
          give={() => {
            give('rollback');
          }}
        />
        <Button
          on={several}
          does={t.canaryAuto}
          give={() => {
            give('canary', {
              version,
              auto: true,
              maxErrorRate: 0.01,
              maxP95Ms: 300,
              steps: [10, 25, 50, 100],
            });
          }}
        />
      </div>
      <div className="mesh-forms">
        <NumberForm
          label={t.canaryShare}
          unit="%"
          least={0}
          most={100}
          on={several}
          give={(share) => {
            give('canary', { version, share });
          }}
        />
        <NumberForm
          label={t.scale}
          unit={t.instances}
          least={1}
          most={20}
          on={known}
          give={(instances) => {
            give('scale', { instances, version });
          }}
        />
        <NumberForm
          label={t.limit}
          unit="/s"
          least={1}
          most={100_000}
          on
          give={(perSecond) => {
            give('limit', { perSecond });
          }}
        >
          {limit && (
            <Button
              on
              does={t.limitOff(limit.perSecond)}
              give={() => {
                give('limit', { perSecond: null });
              }}
            />
          )}
        </NumberForm>
      </div>
      <p role="status">
        {said}{' '}
        {running?.says ?? (canary && `${canary.version}: ${canary.state}. ${canary.why ?? ''}`)}
      </p>
    </div>
  );
}

function Button({ on, does, give }: { on: boolean; does: string; give: () => void }) {
  return (
    <button type="button" className="button" disabled={!on} onClick={give}>
      {does}
    </button>
  );
}

interface NumberFormProps {
  label: string;
  unit: string;
  least: number;
  most: number;
  on: boolean;
  give: (value: number) => void;
  children?: ReactNode;
}

function NumberForm({ label, unit, least, most, on, give, children }: NumberFormProps) {
  const [value, setValue] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        give(Number(value));
      }}
    >
      <label>
        {label}{' '}
        <input
          type="number"
          required
          min={least}
          max={most}
          value={value}
          onChange={({ target }) => {
            setValue(target.value);
          }}
        />{' '}
        {unit}
      </label>{' '}
      <button type="submit" className="button" disabled={!on}>
        {t.set}
      </button>{' '}
      {children}
    </form>
  );
}
