// What one is called and reached by, and the password.

import { type FormEvent, useRef } from "react";
import { api } from "../../../api";
import { fieldError, friendly } from "../../../api/errors";
import type { Security } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { TextField } from "../../../ui/Field";
import { Failed, Loading } from "../../../ui/states";
import { useSession } from "../../session/hooks/useSession";
import { Problem } from "../../session/parts/Problem";
import { useDone } from "../hooks/useDone";
import { EmailForm } from "./EmailForm";
import { Part } from "./Part";

export function AccountForms() {
  const { me } = useSession();
  const { currentData: security, error, refetch } = api.useGetSecurityQuery();
  if (error && !security) return <Failed error={error} onRetry={refetch} />;
  if (!me || !security) return <Loading />;
  return (
    <div className="max-w-[460px]">
      <UsernameForm username={me.username} />
      <EmailForm security={security} />
      <PasswordForm security={security} />
    </div>
  );
}

function UsernameForm({ username }: { username: string }) {
  const { t } = useTranslation("accounts");
  const [change, { error, isLoading }] = api.useChangeUsernameMutation();
  const done = useDone();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wanted = String(new FormData(event.currentTarget).get("username")).trim();
    const { data } = await change({ body: { username: wanted } });
    if (data) done(t("username.done", { username: data.username }));
  };
  return (
    <Part title={t("username.title")} about={t("username.about")}>
      <form onSubmit={submit} className="grid gap-4">
        {error && !fieldError(error, "username") && <Problem>{friendly(error)}</Problem>}
        <TextField
          key={username}
          label={t("username.label")}
          name="username"
          defaultValue={username}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          maxLength={30}
          problem={fieldError(error, "username")}
        />
        <Button type="submit" busy={isLoading} className="justify-self-start">
          {t("username.save")}
        </Button>
      </form>
    </Part>
  );
}

function PasswordForm({ security }: { security: Security }) {
  const { t } = useTranslation("accounts");
  const [change, { error, isLoading }] = api.useChangePasswordMutation();
  const done = useDone();
  const form = useRef<HTMLFormElement>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const current = given.get("current");
    const body = { new: String(given.get("new")), ...(current === null ? {} : { current: String(current) }) };
    const { error: refused } = await change({ body });
    if (refused) return;
    form.current?.reset();
    done(t("password.done"));
  };
  const atField = ["current", "new"].some((name) => fieldError(error, name));
  return (
    <Part title={t("password.title")} about={security.has_password ? undefined : t("password.none")}>
      <form ref={form} onSubmit={submit} className="grid gap-4">
        {error && !atField && <Problem>{friendly(error)}</Problem>}
        {security.has_password && (
          <TextField
            label={t("password.current")}
            name="current"
            type="password"
            autoComplete="current-password"
            required
            maxLength={1024}
            problem={fieldError(error, "current")}
          />
        )}
        <TextField
          label={t("password.new")}
          name="new"
          type="password"
          autoComplete="new-password"
          required
          minLength={8}
          maxLength={1024}
          hint={t("password.hint")}
          problem={fieldError(error, "new")}
        />
        <Button type="submit" busy={isLoading} className="justify-self-start">
          {security.has_password ? t("password.save") : t("password.set")}
        </Button>
      </form>
    </Part>
  );
}
