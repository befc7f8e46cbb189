import { useState } from 'react';
import { text } from '../storefront/i18n/text.ts';
import { giveCommand, type Mesh } from './api.ts';
import { Button, MeshForm, NumberField } from './mesh-form.tsx';

const t = text.observatory;

type Service = Mesh['services'][number];
/** What a canary that steps by itself promises. */
const automatic = { auto: true, maxErrorRate: 0.01, maxP95Ms: 300, steps: [10, 25, 50, 100] };

type Give = (name: string, body?: object) => void;

/** The commands of `npm run mesh` for one service. */
export function MeshCommands({ service }: { service: Service }) {
  const [said, setSaid] = useState('');
  const { name, versions, running, canary, limit, variant, breaker } = service;
  const [version, setVersion] = useState(() =>
    versions.length > 1 ? (versions.at(-1)?.version ?? '') : nextOf(versions),
  );
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
  const ofVersion = known ? { version } : {};
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
      </label>{' '}
      {versions.length === 1 && <small className="muted">{t.oneVersion(nextOf(versions))}</small>}
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
      </div>
      <div className="mesh-forms">
        <MeshForm
          on={several}
          give={({ share }) => {
            give('canary', { version, share: Number(share) });
          }}
        >
          <NumberField name="share" label={t.canaryShare} unit="%" least={0} most={100} />
        </MeshForm>
        <MeshForm
          on={several}
          does={t.start}
          give={({ requests }) => {
            give('canary', { ...automatic, version, requests: Number(requests) });
          }}
        >
          <NumberField
            name="requests"
            label={t.canaryAuto}
            unit={t.requestsAStep}
            least={10}
            most={10_000}
            begin={50}
          />
        </MeshForm>
        <MeshForm
          on
          give={({ instances }) => {
            give('scale', { instances: Number(instances), ...ofVersion });
          }}
        >
          <NumberField name="instances" label={t.scale} unit={t.instances} least={1} most={20} />
        </MeshForm>
        <MeshForm
          on
          give={({ memoryMiB }) => {
            give('resize', { memoryMiB: Number(memoryMiB), ...ofVersion });
          }}
        >
          <NumberField name="memoryMiB" label={t.resize} unit="MiB" least={64} most={65_536} />
        </MeshForm>
        <MeshForm
          on={several}
          give={({ by, pair }) => {
            give('ab', { version, [by ?? 'cookie']: pair });
          }}
          off={
            variant && {
              does: t.abOff(variant.cookie ?? variant.header ?? ''),
              give: () => {
                give('ab', { off: true });
              },
            }
          }
        >
          <label>
            {t.ab}{' '}
            <select name="by">
              <option value="cookie">{t.cookie}</option>
              <option value="header">{t.header}</option>
            </select>
          </label>{' '}
          <input
            name="pair"
            aria-label={t.pair}
            placeholder="variant=b"
            required
            pattern={'[A-Za-z0-9_\\-]+=[^\\s;,"\\\\]+'}
          />
        </MeshForm>
        <MeshForm
          on
          give={({ perSecond }) => {
            give('limit', { perSecond: Number(perSecond) });
          }}
          off={
            limit && {
              does: t.limitOff(limit.perSecond),
              give: () => {
                give('limit', { perSecond: null });
              },
            }
          }
        >
          <NumberField name="perSecond" label={t.limit} unit="/s" least={1} most={100_000} />
        </MeshForm>
        <MeshForm
          on
          give={({ errors, holdSeconds }) => {
            give('breaker', { errors: Number(errors), holdSeconds: Number(holdSeconds) });
          }}
          off={
            breaker && {
              does: t.breakerOff,
              give: () => {
                give('breaker', { off: true });
              },
            }
          }
        >
          <NumberField name="errors" label={t.breaker} unit={t.failures} least={1} most={10_000} />{' '}
          <NumberField
            name="holdSeconds"
            label={t.breakerFor}
            unit="s"
            least={1}
            most={3600}
            begin={10}
          />
        </MeshForm>
      </div>
      <p role="status">
        {said}{' '}
        {running?.says ?? (canary && `${canary.version}: ${canary.state}. ${canary.why ?? ''}`)}
      </p>
    </div>
  );
}

/** A name for another version: one more than the number at the end of the last. */
function nextOf(versions: Service['versions']): string {
  const last = versions.at(-1)?.version ?? 'v1';
  const next = last.replace(/\d+$/, (number) => String(Number(number) + 1));
  return next === last ? `${last}-2` : next;
}
