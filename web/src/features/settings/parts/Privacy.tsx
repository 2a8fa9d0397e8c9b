// Who sees one's posts, and what is kept of what one looks at.

import type { ReactNode } from "react";
import { Link } from "react-router";
import { api } from "../../../api";
import { Trans, useTranslation } from "../../../i18n";
import { Loading } from "../../../ui/states";
import { useSession } from "../../session/hooks/useSession";

export function Privacy() {
  const { t } = useTranslation("settings");
  const { me } = useSession();
  const [save] = api.useUpdateMeMutation();
  if (!me) return <Loading />;
  return (
    <div className="grid max-w-[520px] gap-6">
      <Switch
        id="private-account"
        name={t("private")}
        checked={me.is_private}
        onChange={(is_private) => save({ body: { is_private } })}
        about={
          <>
            {t("privateAbout")}{" "}
            {me.is_private ? (
              <Trans
                text={t("privateOn")}
                components={{ to: <Link to="/requests" className="text-ink underline underline-offset-2" /> }}
              />
            ) : (
              t("privateOff")
            )}
          </>
        }
      />
      <Switch
        id="record"
        name={t("record")}
        checked={me.preferences?.impressions !== false}
        onChange={(impressions) => save({ body: { preferences: { impressions } } })}
        about={t("recordAbout")}
      />
    </div>
  );
}

type Props = { id: string; name: string; about: ReactNode; checked: boolean; onChange: (checked: boolean) => void };

function Switch({ id, name, about, checked, onChange }: Props) {
  return (
    <div className="flex gap-3">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        aria-describedby={`${id}-about`}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4.5 shrink-0"
      />
      <div>
        <label htmlFor={id} className="block font-medium">
          {name}
        </label>
        <p id={`${id}-about`} className="text-ink-faint">
          {about}
        </p>
      </div>
    </div>
  );
}
